import type { AgentState, Phase } from "./types";

/** One colour a state, the same on every page; the word always stands beside it. */
export const STATE_COLOR: Record<AgentState, string> = {
  signed_out: "gray.5",
  paused: "yellow.6",
  available: "teal.6",
  offered: "blue.5",
  on_contact: "blue.7",
  wrap_up: "violet.5",
  missed: "orange.6",
};

export const PHASE_COLOR: Record<Phase, string> = {
  ivr: "gray",
  waiting: "orange",
  offered: "blue",
  dialling: "blue",
  talking: "teal",
  held: "yellow",
  consulting: "blue",
  reconnecting: "orange",
  message: "gray",
  survey: "gray",
  ended: "gray",
};
