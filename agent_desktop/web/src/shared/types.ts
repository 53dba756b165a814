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
  handled_s: number;
  next_state: string | null;
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
  service_level: number | null;
  asa_s: number | null;
  target_s: number;
  target_share: number;
  calls: string[];
}

export type Phase =
  | "ivr"
  | "waiting"
  | "offered"
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
  why: Why;
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
