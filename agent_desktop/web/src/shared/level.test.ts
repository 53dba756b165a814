import { expect, it } from "vitest";
import { LEVELS, serviceLevel } from "./level";

const DAY = {
  answered: 1000,
  abandoned: 60,
  answered_in_target: 860,
  abandoned_in_target: 20,
  short_abandoned: 10,
};
const NOBODY = {
  answered: 0,
  abandoned: 0,
  answered_in_target: 0,
  abandoned_in_target: 0,
  short_abandoned: 0,
};

it("says what the server says of the same day, and nothing of an empty one", () => {
  const shares = LEVELS.map((level) => Math.round((serviceLevel(level, DAY) ?? 0) * 10_000) / 100);
  expect(shares).toEqual([83.02, 86, 81.13, 82.69, 82.08]);
  expect(LEVELS.map((level) => serviceLevel(level, NOBODY))).toEqual(LEVELS.map(() => null));
});
