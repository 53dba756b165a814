import { describe, expect, it } from "vitest";
import type { RosterChange, RosterShift } from "../../shared/schema";
import {
  applied,
  begun,
  begunEarlier,
  broken,
  ended,
  indexed,
  inverse,
  isSame,
  keyOf,
  moved,
  retimed,
} from "./edits";
import type { ProblemShift } from "./problem";

const BREAKS = [{ name: "meal", start: 720, minutes: 60 }];
const EARLY: RosterShift = {
  person: "1001",
  day: "2026-12-01",
  shift: "E",
  start: 480,
  length: 480,
  breaks: BREAKS,
  activities: [{ name: "training", start: 600, minutes: 60 }],
  duties: [],
};
const LATE: RosterShift = {
  ...EARLY,
  person: "1002",
  day: "2026-12-02",
  shift: "L",
  start: 840,
  activities: [],
};
const RULE: ProblemShift = {
  id: "E",
  start: 420,
  latest_start: 600,
  start_step: 30,
  length: 420,
  longest: 540,
  length_step: 60,
  breaks: [{ name: "meal", minutes: 60, earliest: 180, latest: 240, step: 15 }],
};

describe("a shift put somewhere else", () => {
  it("is exchanged for what is there", () => {
    expect(moved(EARLY, LATE, LATE)).toEqual([
      expect.objectContaining({
        person: "1002",
        day: "2026-12-02",
        shift: "E",
        breaks: BREAKS,
        activities: [],
      }),
      expect.objectContaining({ person: "1001", day: "2026-12-01", shift: "L", start: 840 }),
    ]);
  });
  it("leaves a free day, or as a copy what was there", () => {
    const to = { person: "1001", day: "2026-12-03" };
    expect(moved(EARLY, to, undefined)[1]).toEqual({ person: "1001", day: "2026-12-01", shift: null });
    expect(moved(EARLY, to, undefined, true)).toHaveLength(1);
    expect(moved(EARLY, EARLY, EARLY)).toEqual([]);
  });
});

describe("times", () => {
  it("are those the shift may have, its breaks within their windows", () => {
    expect(begun(EARLY, RULE, 521)).toMatchObject({ start: 510, breaks: [{ start: 750 }] });
    expect(begun(EARLY, RULE, 0)).toMatchObject({ start: 420, breaks: [{ start: 660 }] });
    expect(ended(EARLY, RULE, 2000)).toMatchObject({ start: 480, length: 540, breaks: BREAKS });
    expect(begunEarlier(EARLY, RULE, 430)).toMatchObject({ start: 420, length: 540 });
    expect(broken(EARLY, RULE, 0, 667)).toMatchObject({ breaks: [{ start: 660 }] });
  });
  it("let the server place breaks where others are due", () => {
    const two = {
      ...RULE,
      breaks: [...(RULE.breaks ?? []), { name: "tea", minutes: 15, earliest: 60, latest: 90 }],
    };
    expect(retimed(EARLY, two, 480, 480).breaks).toBeNull();
  });
});

describe("undoing", () => {
  it("brings everything back as it was", () => {
    const before = indexed([EARLY]);
    const changes: RosterChange[] = [
      { person: "1001", day: "2026-12-01", before: EARLY, after: null },
      { person: "1002", day: "2026-12-02", before: null, after: LATE },
    ];
    const after = applied(before, changes);
    expect([...after.values()]).toEqual([LATE]);
    const back = inverse(changes).map((cell) => ({
      person: cell.person,
      day: cell.day,
      before: after.get(keyOf(cell.person, cell.day)) ?? null,
      after: cell.shift ? (cell as RosterShift) : null,
    }));
    expect([...applied(after, back).values()]).toEqual([EARLY]);
  });
  it("knows what changes nothing", () => {
    expect(isSame({ ...EARLY }, EARLY)).toBe(true);
    expect(isSame({ ...EARLY, start: 510 }, EARLY)).toBe(false);
    expect(isSame({ person: "1", day: "2026-12-01", shift: null }, undefined)).toBe(true);
  });
});
