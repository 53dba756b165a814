/**
 * What the live socket sends, word for word; what HTTP sends is in `schema.ts`, made by `make types`. Times are
 * integer milliseconds since the epoch unless named `_s`.
 */

import type { CustomerShown } from "./schema";

export type AgentState =
  | "signed_out"
  | "paused"
  | "available"
  | "offered"
  | "on_contact"
  | "wrap_up"
  | "missed";

export interface AgentView {
  id: string;
  name: string;
  state: AgentState;
  since: number;
  reason: string;
  call: string | null;
  device: string | null;
  reachable: boolean;
  until: number | null;
  /** With calls and wrap-up in the queue's busy window, such as the last hour. */
  handled_s: number;
  next_state: string | null;
  /** Every call they are offered, have or wrap up, oldest first. */
  contacts: string[];
  /** The supervisor who brought them into the state; empty: they did it themself. */
  by: string;
  /** From here on: of today. */
  offered: number;
  answered: number;
  missed: number;
  rejected: number;
  transferred: number;
  contact_s: number;
  wrap_s: number;
  signed_in_s: number;
  /** Share of the time at work spent with calls and wrap-up; null before there is any. */
  occupancy: number | null;
  /** When these figures were taken; while somebody is at work they go on from here. */
  at: number;
}

export interface QueueView {
  id: string;
  name: string;
  waiting: number;
  oldest: number | null;
  available: number;
  staffed: number;
  offered: number;
  answered: number;
  abandoned: number;
  short_abandoned: number;
  returned: number;
  transferred: number;
  /** The level that is shown where there is room for one only, and all of them by the names of their formulas. */
  service_level: number | null;
  service_levels: Record<string, number | null>;
  asa_s: number | null;
  aht_s: number | null;
  /** Of those waiting, who will be called back. */
  callbacks: number;
  /** The wait the next caller has to expect. */
  estimate_s: number | null;
  /** What callers are told while the queue is closed in an emergency; null: it is open. */
  closed: string | null;
  target_s: number;
  target_share: number;
  calls: string[];
}

export type Phase =
  | "ivr"
  | "waiting"
  | "offered"
  | "dialling"
  | "talking"
  | "held"
  | "consulting"
  | "reconnecting"
  | "message"
  | "survey"
  | "ended";

export type Match = "" | "none" | "one" | "many" | "failed";

export interface CallView {
  id: string;
  phase: Phase;
  direction: "in" | "out";
  at: number;
  caller: string;
  dialled: string;
  started: number;
  queue: string | null;
  queue_name: string | null;
  agent: string | null;
  agent_name: string | null;
  customer: string | null;
  customer_name: string | null;
  tier: string | null;
  tier_name: string | null;
  match: Match;
  digits: string;
  candidates: string[];
}

export interface WhyCandidate {
  agent: string;
  name: string;
  filtered: string;
  handled_s: number;
  idle_s: number;
  missed: number;
  preferred: boolean;
  penalty: number;
  home: boolean;
  score: number[];
}

export interface Why {
  strategy: string;
  priority: number;
  waited_s: number;
  ahead_of: number;
  candidates: WhyCandidate[];
}

export interface OfferView {
  id: string;
  call: string;
  queue: string;
  queue_name: string;
  agent: string;
  deadline: number;
  /** They asked for it: their telephone picks up by itself. */
  auto_answer: boolean;
  /** Nobody is on the line yet: this number is dialled once they have picked up. */
  dial: string;
  why: Why;
}

/** A call an agent could pick up: it rings at colleagues, or waits. Who calls is not said. */
export interface NearView {
  id: string;
  queue: string;
  queue_name: string;
  tier_name: string;
  since: number | null;
  rings_at: string[];
}

/** A place that is kept for somebody who will be called back. */
export interface CallbackView {
  id: string;
  call: string | null;
  queue: string;
  queue_name: string;
  number: string;
  since: number;
  /** Null: kept since before the platform was started, which does not say. */
  expires: number | null;
}

export interface CardCandidate {
  id: string;
  name: string;
  tier_name: string | null;
  branch: string | null;
}

/** A customer as the screen-pop shows them; the record itself says more. */
export type CustomerOnCard = Omit<CustomerShown, "currency" | "born" | "version">;

export interface Card {
  call: string;
  match: Match;
  customer: CustomerOnCard | null;
  candidates: CardCandidate[];
}

/** A code offered in a menu, in both languages. */
export interface Choice {
  id: string;
  zh: string;
  en: string;
}
