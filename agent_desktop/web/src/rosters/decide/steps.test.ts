import { expect, it } from "vitest";
import { lost, steps } from "./steps";

it("draws steps", () => {
  const path = steps(
    [1, 1, 3],
    (n) => n * 10,
    (value) => 30 - value * 10,
  );
  expect(path).toBe("M0,20H10H20V0H30");
  expect(
    steps(
      [],
      (n) => n,
      (n) => n,
    ),
  ).toBe("");
});

it("finds where people go that are needed, and not where they were missing before", () => {
  const cover = { required: [0, 2, 2, 2, 3, 1], before: [1, 2, 2, 2, 1, 2], after: [0, 1, 0, 2, 1, 1] };
  expect(lost(cover)).toEqual([[1, 3, 2]]);
});
