import type { Floor } from "../shared/floor";
import type { AgentState, AgentView } from "../shared/types";
import { byName } from "./byName";

/** Who may need somebody comes first. */
export const ORDER: readonly AgentState[] = [
  "missed",
  "offered",
  "on_contact",
  "wrap_up",
  "available",
  "paused",
  "signed_out",
];

/** The agents by state, then name; those who are signed out only if `all`. */
export function inOrder(floor: Floor, all: boolean): AgentView[] {
  return Object.values(floor.agents)
    .filter((a) => all || a.state !== "signed_out")
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || byName(a, b));
}
