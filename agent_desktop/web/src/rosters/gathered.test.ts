import { expect, it } from "vitest";
import type { RosterFinding } from "../shared/schema";
import { gathered } from "./gathered";

const finding = (more: Partial<RosterFinding>): RosterFinding => ({
  rule: "demand",
  words: "",
  person: "",
  day: "2026-12-01",
  cost: 10,
  hard: false,
  amount: -1,
  name: "cards",
  minute: null,
  ...more,
});

it("tells the intervals of a demand's day as one, the dearest first", () => {
  const found = gathered([
    finding({ minute: 600, words: "a" }),
    finding({ minute: 540, words: "b" }),
    finding({ minute: 570, words: "c", cost: 30 }),
    finding({ minute: 540, day: "2026-12-02", words: "alone" }),
    finding({ rule: "wish", words: "amy asked not to work", person: "amy", cost: 60 }),
  ]);
  expect(found.map((one) => [one.words, one.cost])).toEqual([
    ["amy asked not to work", 60],
    ["", 50],
    ["alone", 10],
  ]);
  expect(found[1]?.missing).toEqual({
    name: "cards",
    day: "2026-12-01",
    from: "09:00",
    to: "10:30",
    intervals: 3,
  });
});
