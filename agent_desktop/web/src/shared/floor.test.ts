import { describe, expect, it } from "vitest";
import { EMPTY, inHand, type Message, reduce } from "./floor";
import type { AgentView, CallView, OfferView } from "./types";

const me = { user: "u", name: "N", role: "agent" as const, agent: "a1", csrf: "x", language: "en" };
const agent: AgentView = {
  id: "a1",
  name: "Li",
  state: "available",
  since: 1,
  reason: "",
  call: null,
  device: "d",
  reachable: true,
  until: null,
  handled_s: 0,
  next_state: null,
  contacts: [],
  by: "",
  offered: 0,
  answered: 0,
  missed: 0,
  rejected: 0,
  transferred: 0,
  contact_s: 0,
  wrap_s: 0,
  signed_in_s: 0,
  occupancy: null,
  at: 0,
};
const call: CallView = {
  id: "c1",
  phase: "offered",
  direction: "in",
  at: 1,
  caller: "+86",
  dialled: "95588",
  started: 1,
  queue: "q",
  queue_name: "Q",
  agent: null,
  agent_name: null,
  customer: null,
  customer_name: null,
  tier: null,
  tier_name: null,
  match: "",
  digits: "",
  candidates: [],
};
const offer: OfferView = {
  id: "o1",
  call: "c1",
  queue: "q",
  queue_name: "Q",
  agent: "a1",
  deadline: 99,
  auto_answer: false,
  dial: "",
  why: { strategy: "s", priority: 1, waited_s: 2, ahead_of: 0, candidates: [] },
};
const snapshot: Message = {
  type: "snapshot",
  now: 1500,
  me,
  agents: { a1: agent },
  queues: {},
  calls: {},
  offers: {},
  cards: {},
  near: {},
  callbacks: {},
  pause_reasons: [],
  wrap_up_codes: [],
};
const play = (...messages: Message[]) => messages.reduce((f, m) => reduce(f, m, 1000), EMPTY);

describe("the floor reducer", () => {
  it("takes the snapshot and learns the server's clock", () => {
    const floor = play(snapshot);
    expect(floor.ready).toBe(true);
    expect(floor.skew).toBe(500);
    expect(floor.agents.a1?.name).toBe("Li");
  });

  it("puts and drops single rows without touching other tables or the floor before", () => {
    const before = play(snapshot);
    const after = reduce(before, { type: "put", kind: "calls", id: "c1", value: call }, 1000);
    expect(after.calls.c1).toEqual(call);
    expect(before.calls).toEqual({});
    expect(after.agents).toBe(before.agents);
    expect(reduce(after, { type: "drop", kind: "calls", id: "c1" }, 1000).calls).toEqual({});
  });

  it("is unmoved by dropping what is not there, and by messages it does not know", () => {
    const floor = play(snapshot);
    expect(reduce(floor, { type: "drop", kind: "calls", id: "zz" }, 1)).toBe(floor);
    expect(reduce(floor, { type: "later" } as unknown as Message, 1)).toBe(floor);
    expect(reduce(floor, { type: "drop", kind: "planets", id: "x" } as unknown as Message, 1)).toBe(floor);
  });

  it("forgets everything stale when a new snapshot comes after a reconnect", () => {
    const floor = play(snapshot, { type: "put", kind: "calls", id: "c1", value: call }, snapshot);
    expect(floor.calls).toEqual({});
  });

  it("gives the same floor for the same messages, doubled puts included", () => {
    const put: Message = { type: "put", kind: "calls", id: "c1", value: call };
    expect(play(snapshot, put, put)).toEqual(play(snapshot, put));
  });

  it("keeps the last news, and forgets it with everything else on a reconnect", () => {
    const news: Message = {
      type: "news",
      news: "not_reached",
      call: "c1",
      number: "+861",
      handed_on: false,
    };
    expect(play(snapshot, news).news).toBe(news);
    expect(play(snapshot, news, snapshot).news).toBeNull();
  });

  it("follows the server's clock by pings", () => {
    expect(play(snapshot, { type: "ping", now: 3000 }).skew).toBe(2000);
  });
});

describe("what an agent has in hand", () => {
  const ringing = play(
    snapshot,
    { type: "put", kind: "calls", id: "c1", value: call },
    { type: "put", kind: "offers", id: "o1", value: offer },
  );

  it("is the offer and its call while it rings", () => {
    const hand = inHand(ringing, "a1");
    expect(hand.offer?.id).toBe("o1");
    expect(hand.call?.id).toBe("c1");
  });

  it("is nothing for somebody else's offer", () => {
    expect(inHand(ringing, "a2").offer).toBeNull();
    expect(inHand(ringing, null).callId).toBeNull();
  });

  it("stays the same call through talk and wrap-up", () => {
    const talking = play(snapshot, {
      type: "put",
      kind: "calls",
      id: "c1",
      value: { ...call, phase: "talking", agent: "a1" },
    });
    expect(inHand(talking, "a1").callId).toBe("c1");
    const wrapping = reduce(
      talking,
      { type: "put", kind: "agents", id: "a1", value: { ...agent, state: "wrap_up", call: "c1" } },
      1,
    );
    expect(inHand(reduce(wrapping, { type: "drop", kind: "calls", id: "c1" }, 1), "a1").callId).toBe("c1");
  });
});
