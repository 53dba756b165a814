import { describe, expect, it } from "vitest";
import type { RosterShift } from "../../shared/schema";
import { sharesOf, spread } from "./fairness";
import { Plan, type ProblemFile } from "./problem";

const FILE: ProblemFile = {
  start: "2026-12-04", // a Friday
  days: 4,
  shifts: [
    {
      id: "E",
      start: 420,
      length: 510,
      marks: ["early"],
      breaks: [{ name: "meal", minutes: 30, earliest: 180, latest: 300, paid: false }],
    },
    { id: "N", start: 1320, length: 480 },
  ],
  people: [
    {
      id: "ann",
      wishes: [
        { day: 0, want: true, shifts: ["early"] },
        { day: 1, want: false },
      ],
    },
    { id: "bob" },
  ],
  holidays: [2],
};

const work = (person: string, day: string, shift: string, length: number): RosterShift => ({
  person,
  day,
  shift,
  start: 0,
  length,
  breaks: [],
  activities: [],
  duties: [],
});

describe("what everybody has", () => {
  const shares = sharesOf(new Plan(FILE), [
    work("ann", "2026-12-04", "E", 510),
    work("ann", "2026-12-05", "E", 510),
    work("ann", "2026-12-06", "N", 480),
  ]);
  it("counts paid hours, weekends once, nights by their begin and wishes that are granted", () => {
    expect(shares[0]).toEqual({
      person: "ann",
      wishes: 2,
      counts: { hours: 24, days: 3, weekends: 1, nights: 1, early: 2, late: 0, holidays: 1, wishes: 1 },
    });
  });
  it("has those who do not work at all", () => {
    expect(shares[1]?.counts.days).toBe(0);
    expect(spread(shares, "days")).toEqual({ least: 0, most: 3 });
  });
});
