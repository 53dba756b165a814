import { expect, it } from "vitest";
import type { RosterRequestShown } from "../shared/schema";
import type { Word } from "../shared/words";
import { en } from "../shared/words/en";
import { fill } from "../shared/words/fill";
import { requestWords, waitingFirst, waitsFor } from "./requestWords";

const request = (more: Partial<RosterRequestShown> = {}): RosterRequestShown => ({
  id: 1,
  kind: "swap",
  group: "bank",
  person: "1001",
  person_name: "Grace Chen",
  other: "1002",
  other_name: "Leo Young",
  day: "2026-12-01",
  other_day: null,
  shift: "",
  start: null,
  length: null,
  want: true,
  minutes: 0,
  words: "",
  state: "asked",
  verdict: null,
  asked_at: 100,
  agreed_at: null,
  decided_at: null,
  decided_by: "",
  decision: "",
  applied: null,
  ...more,
});
const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);
const leave = { kind: "leave", other: null, other_name: "" } as const;

it("says what is asked for", () => {
  const words = (more: Partial<RosterRequestShown>) => requestWords(request(more), t, "en");
  expect(words({})).toBe("Swap Tue, Dec 1 with Leo Young");
  expect(words({ other_day: "2026-12-03" })).toBe("Swap Tue, Dec 1 for Leo Young’s Thu, Dec 3");
  expect(words({ kind: "give" })).toBe("Give Tue, Dec 1 to Leo Young");
  expect(words(leave)).toBe("Leave on Tue, Dec 1");
  expect(words({ kind: "wish", want: false })).toBe("Rather not work on Tue, Dec 1");
});

it("knows whom a request waits for and how it ended", () => {
  expect(waitsFor(request())).toBe("other");
  expect(waitsFor(request({ state: "agreed", agreed_at: 200 }))).toBe("decision");
  expect(waitsFor(request(leave))).toBe("decision");
  expect(waitsFor(request({ ...leave, state: "refused", decided_by: "vera" }))).toBe("refused");
  expect(waitsFor(request({ state: "refused", decided_by: "leo" }))).toBe("declined");
  expect(waitsFor(request({ state: "refused", agreed_at: 200, decided_by: "vera" }))).toBe("refused");
});

it("puts those first that can be decided, the oldest first", () => {
  const listed = [
    request({ id: 1, asked_at: 50 }),
    request({ id: 2, ...leave, asked_at: 300 }),
    request({ id: 3, state: "agreed", asked_at: 200 }),
  ];
  expect(waitingFirst(listed).map((one) => one.id)).toEqual([3, 2, 1]);
});
