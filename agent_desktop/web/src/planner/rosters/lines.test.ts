import { describe, expect, it } from "vitest";
import type { RosterFinding } from "../../shared/schema";
import { linesOf } from "./lines";

const at = (minute: number, amount: number, cost: number): RosterFinding => ({
  rule: "demand",
  words: `cards at ${minute}`,
  person: "",
  day: "2026-12-01",
  cost,
  hard: false,
  amount,
  name: "cards",
  minute,
});

describe("findings told shortly", () => {
  it("has intervals in a row as one line, those short apart from those with too many", () => {
    const wish = { ...at(0, 1, 50), rule: "wish", minute: null, person: "ann" };
    const lines = linesOf([at(630, -2, 100), at(600, -1, 60), at(660, 1, 4), at(720, -1, 60), wish], 30);
    expect(lines.map((one) => [one.cost, one.stretch])).toEqual([
      [160, { from: "10:00", to: "11:00", people: 2 }],
      [60, { from: "12:00", to: "12:30", people: 1 }],
      [50, null],
      [4, { from: "11:00", to: "11:30", people: 1 }],
    ]);
    expect(lines[3]?.finding.amount).toBe(1);
  });
});
