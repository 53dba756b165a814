import { expect, it } from "vitest";
import { ceiling, linear, roundTicks, ticks } from "./scale";

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

it("finds round figures between any two, with no noise of adding up", () => {
  expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(roundTicks(0.03, 0.4, 4)).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(roundTicks(-7, 23, 3)).toEqual([0, 10, 20]);
  expect(roundTicks(4, 4, 5)).toEqual([4]);
  for (const high of [0.001, 3, 47, 1e6]) {
    const found = roundTicks(0, high, 5);
    expect(found.length).toBeGreaterThan(2);
    expect(found.length).toBeLessThan(8);
    expect(Math.max(...found)).toBeLessThanOrEqual(high);
  }
});

it("places figures on a line, and a single figure in the middle", () => {
  const y = linear([0, 10], [100, 0]);
  expect([0, 5, 10, 12].map(y)).toEqual([100, 50, 0, -20]);
  expect(linear([3, 3], [0, 80])(3)).toBe(40);
});
