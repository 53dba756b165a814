/** The page's picture of the floor: a pure reducer over one snapshot and the puts and drops after it. */

import type { Me } from "./schema";
import type {
  AgentView,
  CallbackView,
  CallView,
  Card,
  Choice,
  NearView,
  OfferView,
  QueueView,
} from "./types";

export interface Tables {
  agents: Record<string, AgentView>;
  queues: Record<string, QueueView>;
  calls: Record<string, CallView>;
  offers: Record<string, OfferView>;
  cards: Record<string, Card>;
  near: Record<string, NearView>;
  callbacks: Record<string, CallbackView>;
}

export type Kind = keyof Tables;

export interface Floor extends Tables {
  /** False until the first snapshot has come. */
  ready: boolean;
  /** Server clock minus this machine's clock, in milliseconds. */
  skew: number;
  me: Me | null;
  /** The last of them. */
  news: News | null;
  pause_reasons: Choice[];
  wrap_up_codes: Choice[];
}

export interface Snapshot extends Tables {
  type: "snapshot";
  now: number;
  me: Me;
  pause_reasons: Choice[];
  wrap_up_codes: Choice[];
}

export type Put = { [K in Kind]: { type: "put"; kind: K; id: string; value: Tables[K][string] } }[Kind];
export interface Drop {
  type: "drop";
  kind: Kind;
  id: string;
}
/** Something a person must be told in words, once. */
export interface News {
  type: "news";
  news: "not_reached";
  call: string;
  number: string;
  /** The caller was handed to the number, and waits again. */
  handed_on: boolean;
}
export interface Ping {
  type: "ping";
  now: number;
}
export type Message = Snapshot | Put | Drop | News | Ping;

export const KINDS: readonly Kind[] = ["agents", "queues", "calls", "offers", "cards", "near", "callbacks"];

export const EMPTY: Floor = {
  ready: false,
  skew: 0,
  me: null,
  news: null,
  agents: {},
  queues: {},
  calls: {},
  offers: {},
  cards: {},
  near: {},
  callbacks: {},
  pause_reasons: [],
  wrap_up_codes: [],
};

/** The floor after `message`, which came in at `received` (this machine's clock, ms). Unknown messages change nothing. */
export function reduce(floor: Floor, message: Message, received: number): Floor {
  switch (message.type) {
    case "snapshot":
      return {
        ready: true,
        skew: message.now - received,
        me: message.me,
        news: null,
        agents: message.agents ?? {},
        queues: message.queues ?? {},
        calls: message.calls ?? {},
        offers: message.offers ?? {},
        cards: message.cards ?? {},
        near: message.near ?? {},
        callbacks: message.callbacks ?? {},
        pause_reasons: message.pause_reasons ?? [],
        wrap_up_codes: message.wrap_up_codes ?? [],
      };
    case "put":
      if (!KINDS.includes(message.kind)) return floor;
      return { ...floor, [message.kind]: { ...floor[message.kind], [message.id]: message.value } };
    case "drop": {
      if (!KINDS.includes(message.kind) || !(message.id in floor[message.kind])) return floor;
      const { [message.id]: _gone, ...rest } = floor[message.kind] as Record<string, unknown>;
      return { ...floor, [message.kind]: rest };
    }
    case "news":
      return { ...floor, news: message };
    case "ping":
      return { ...floor, skew: message.now - received };
    default:
      return floor;
  }
}

/** What one agent's desk shows: the offer that rings, the call in hand, or the call being wrapped up. */
export interface Hand {
  agent: AgentView | null;
  offer: OfferView | null;
  call: CallView | null;
  card: Card | null;
  callId: string | null;
}

/** The one thing an agent has in hand now. */
export function inHand(floor: Floor, agentId: string | null): Hand {
  const agent = agentId ? (floor.agents[agentId] ?? null) : null;
  const offer = agentId ? (Object.values(floor.offers).find((o) => o.agent === agentId) ?? null) : null;
  const mine = (c: CallView) => c.agent === agentId && c.phase !== "ended";
  const callId =
    offer?.call ?? agent?.call ?? (agentId ? Object.values(floor.calls).find(mine)?.id : null) ?? null;
  return {
    agent,
    offer,
    call: callId ? (floor.calls[callId] ?? null) : null,
    card: callId ? (floor.cards[callId] ?? null) : null,
    callId,
  };
}
