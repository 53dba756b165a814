import { describe, expect, it } from "vitest";
import type { RosterJobShown } from "../../shared/schema";
import { followed, gapOf, withPoint } from "./progress";

const job = (more: Partial<RosterJobShown>): RosterJobShown => ({
  id: 1,
  problem: 1,
  state: "running",
  progress: 0.1,
  stage: "",
  objective: 100,
  bound: 80,
  trouble: "",
  result: null,
  by: "paul",
  asked_at: 0,
  begun_at: 1000,
  ended_at: null,
  ahead: 0,
  ...more,
});

describe("what a solver found over time", () => {
  it("is a point each time it is looked at, and one long step while nothing changes", () => {
    let found = followed({}, [job({})], 2000);
    found = followed(found, [job({})], 3000);
    found = followed(found, [job({})], 4000);
    found = followed(found, [job({ objective: 90 })], 5000);
    expect(found[1]).toEqual([
      { at: 0, objective: null, bound: null },
      { at: 1, objective: 100, bound: 80 },
      { at: 3, objective: 100, bound: 80 },
      { at: 4, objective: 90, bound: 80 },
    ]);
  });
  it("ends where the job ended", () => {
    const before = followed({}, [job({})], 2000);
    const over = job({ state: "done", ended_at: 2500, objective: 85 });
    expect(followed(before, [over], 9000)[1]?.at(-1)).toEqual({ at: 1.5, objective: 85, bound: 80 });
    expect(followed({}, [over], 9000)).toEqual({});
  });
  it("never goes back in time", () => {
    const points = [{ at: 2, objective: 5, bound: null }];
    expect(withPoint(points, { at: 1, objective: 4, bound: null })).toEqual(points);
  });
});

describe("the gap", () => {
  it("is a share of the best roster's cost, and unknown without a bound", () => {
    expect(gapOf({ objective: 100, bound: 80 })).toBeCloseTo(0.25);
    expect(gapOf({ objective: 100, bound: 0 })).toBeNull();
    expect(gapOf({ objective: 0, bound: 0 })).toBe(0);
    expect(gapOf({ objective: 100, bound: null })).toBeNull();
  });
});
