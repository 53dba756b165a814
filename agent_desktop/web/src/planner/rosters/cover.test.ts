import { describe, expect, it } from "vitest";
import type { RosterCoverWhole } from "../../shared/schema";
import { gapsOf, lean, missingByDay, totalOf, used } from "./cover";

const quarter = (values: Record<number, number>) => Array.from({ length: 8 }, (_, n) => values[n] ?? 0);

const COVER: RosterCoverWhole = {
  start: "2026-12-01",
  days: 2,
  interval_minutes: 360,
  demands: [
    {
      name: "cards",
      skill: "cards",
      level: 1,
      required: quarter({ 1: 3, 2: 2, 3: 1, 5: 1 }),
      served: quarter({ 1: 1, 2: 1, 3: 2, 5: 1 }),
    },
  ],
  shifts: [
    { day: "2026-12-01", shift: "N", required: 1, has: 1 },
    { day: "2026-12-02", shift: "N", required: 2, has: 0 },
  ],
};

describe("gaps", () => {
  it("are whiles of a day, the largest first, and shifts nobody has", () => {
    expect(gapsOf(COVER)).toEqual([
      { kind: "demand", name: "cards", day: "2026-12-01", from: 360, to: 1080, worst: 2, missing: 1080 },
      { kind: "shift", name: "N", day: "2026-12-02", from: 0, to: 0, worst: 2, missing: 2 },
    ]);
  });
  it("end with their day", () => {
    const demand = {
      name: "cards",
      skill: "cards",
      level: 1,
      required: quarter({ 3: 1, 4: 1 }),
      served: quarter({}),
    };
    const found = gapsOf({ ...COVER, demands: [demand], shifts: [] });
    expect(found.map((one) => [one.day, one.from, one.to])).toEqual([
      ["2026-12-01", 1080, 1440],
      ["2026-12-02", 0, 360],
    ]);
  });
});

describe("sums", () => {
  it("tell what is asked for, missing and too much", () => {
    expect(totalOf(COVER, COVER.demands[0] as RosterCoverWhole["demands"][0])).toEqual({
      required: 7 * 360,
      missing: 3 * 360,
      beyond: 360,
    });
    expect(missingByDay(COVER)).toEqual({ minutes: [1080, 0], shifts: [0, 2] });
  });
  it("know the hours anybody is needed in", () => {
    expect(used(COVER, "cards")).toEqual({ from: 1, to: 4 });
    expect(used(COVER, "nothing")).toEqual({ from: 0, to: 4 });
  });
});

describe("colour", () => {
  it("leans to the side of the difference, more where more of the people are missing", () => {
    expect(lean(0, 5)).toBe(0);
    expect(lean(-1, 10)).toBeLessThan(0);
    expect(lean(2, 4)).toBeGreaterThan(lean(1, 4));
    expect(lean(-4, 4)).toBe(-1);
  });
});
