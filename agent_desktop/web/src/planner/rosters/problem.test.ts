import { describe, expect, it } from "vitest";
import {
  apart,
  breakStarts,
  isFlexible,
  lengthsOf,
  nearestOf,
  Plan,
  type ProblemFile,
  startsOf,
  worked,
} from "./problem";

const FILE: ProblemFile = {
  start: "2026-12-04",
  days: 3,
  shifts: [
    { id: "E", start: 420, length: 480, marks: ["early"] },
    { id: "F", start: 480, latest_start: 540, start_step: 30, length: 240, longest: 360, length_step: 60 },
  ],
  people: [
    { id: "ann", name: "Ann", shifts: ["early"], leave: [{ day: 1 }] },
    { id: "bob", away: [{ start: 1500, end: 1600 }], wishes: [{ day: 2, want: false }] },
  ],
  holidays: [1],
};

describe("a plan", () => {
  const plan = new Plan(FILE);
  it("has days that say what they are", () => {
    expect(plan.days.map((one) => [one.day, one.weekend, one.holiday])).toEqual([
      ["2026-12-04", false, false],
      ["2026-12-05", true, true],
      ["2026-12-06", true, false],
    ]);
    expect([plan.place("2026-12-06"), plan.place("2027-01-01")]).toEqual([2, -1]);
  });
  it("knows who may have which shift, and what is known of a day", () => {
    expect(plan.shiftsFor("ann").may.map((one) => one.id)).toEqual(["E"]);
    expect(plan.shiftsFor("bob").others).toEqual([]);
    expect([plan.mark("ann", 1), plan.mark("bob", 1), plan.mark("bob", 2), plan.mark("bob", 0)]).toEqual([
      "leave",
      "away",
      "off",
      null,
    ]);
    expect([plan.name("ann"), plan.name("bob"), plan.name("eve")]).toEqual(["Ann", "bob", "eve"]);
  });
});

describe("a shift", () => {
  const [fixed, flexible] = FILE.shifts;
  it("may begin and last in steps", () => {
    expect(flexible && startsOf(flexible)).toEqual([480, 510, 540]);
    expect(flexible && lengthsOf(flexible)).toEqual([240, 300, 360]);
    expect([fixed && isFlexible(fixed), flexible && isFlexible(flexible)]).toEqual([false, true]);
    expect(nearestOf([480, 510, 540], 525)).toBe(510);
  });
  it("has breaks within their windows and the hours of the clock", () => {
    const rule = {
      name: "meal",
      minutes: 30,
      earliest: 100,
      latest: 200,
      step: 20,
      clock_from: 600,
      clock_to: 640,
    };
    expect(breakStarts(rule, 480)).toEqual([600, 620, 640]);
    expect(worked({ id: "x", start: 0, length: 480, breaks: [{ ...rule, paid: false }] }, 480)).toBe(450);
  });
});

it("tells breaks of one name apart", () => {
  expect(apart(["rest", "meal", "rest", "rest"])).toEqual(["rest", "meal", "rest 2", "rest 3"]);
  expect(apart(["rest", "rest 2", "rest"])).toEqual(["rest", "rest 2", "rest 3"]);
});
