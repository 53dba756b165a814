/** What the server sends, word for word. Times are integer milliseconds since the epoch unless named `_s`. */

export type Role = "agent" | "supervisor" | "planner" | "admin";

export interface Me {
  user: string;
  name: string;
  role: Role;
  agent: string | null;
  csrf: string;
  language: string;
}

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

export interface Product {
  name: string;
  number: string;
  balance: number | string | null;
  currency: string;
  opened: string | number | null;
}

export interface Contact {
  at: number;
  channel: string;
  direction: string;
  purpose: string;
  summary: string;
  agent_name: string;
  outcome: string;
}

export interface CustomerView {
  id: string;
  name: string;
  tier: string | null;
  tier_name: string | null;
  branch: string | null;
  language: string | null;
  phones: string[];
  owners: { role: string; name: string }[];
  products: Product[];
  notes: string | null;
  assets: number | string | null;
  currency: string;
  contacts: Contact[];
}

export interface CardCandidate {
  id: string;
  name: string;
  tier_name: string | null;
  branch: string | null;
}

export interface Card {
  call: string;
  match: Match;
  customer: CustomerView | null;
  candidates: CardCandidate[];
}

/** A code offered in a menu, in both languages. */
export interface Choice {
  id: string;
  zh: string;
  en: string;
}

export interface HistoryCall {
  id: string;
  caller: string;
  dialled: string;
  started: number;
  answered: number | null;
  ended: number | null;
  outcome: string;
  ended_by: string;
  path: string | string[];
  digits: string;
  queue_name: string | null;
  agent_name: string | null;
  customer_name: string | null;
  tier_name: string | null;
  wait_s: number | null;
  talk_s: number | null;
  hold_s: number | null;
  code: string | null;
  note: string | null;
  recording: string | null;
}

export interface Visit {
  number: number;
  queue: string;
  queue_name: string;
  entered: number;
  left: number;
  outcome: string;
  agent: string | null;
  agent_name: string;
}

export interface HistoryDetail extends HistoryCall {
  visits: Visit[];
}

export interface StoryLine {
  at: number;
  what: string;
  detail: unknown;
}
