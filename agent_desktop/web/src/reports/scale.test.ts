import { expect, it } from "vitest";
import { ceiling, ticks } from "./scale";

it("rounds up to a figure people read at once", () => {
  expect([0, 1, 3, 7, 12, 41, 99, 100, 101, 3210].map(ceiling)).toEqual([
    2, 2, 4, 10, 20, 50, 100, 100, 200, 4000,
  ]);
});

it("draws whole figures only", () => {
  expect(ticks(2)).toEqual([0, 1, 2]);
  expect(ticks(4)).toEqual([0, 1, 2, 3, 4]);
  expect(ticks(50)).toEqual([0, 10, 20, 30, 40, 50]);
  for (const most of [2, 4, 5, 10, 20, 40, 50, 100, 4000]) {
    expect(ticks(most).at(-1)).toBe(most);
    expect(ticks(most).every(Number.isInteger)).toBe(true);
  }
});
