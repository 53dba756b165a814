import { expect, it } from "vitest";
import { extent, firstFrom, nearest, strokes } from "./columns";

const MANY = 15_000;
const TIMES = Float64Array.from({ length: MANY }, (_, n) => n * 60);
const VALUES = Float64Array.from(
  { length: MANY },
  (_, n) => Math.sin(n / 40) * 100 + (n === 9_123 ? 900 : 0),
);

it("finds the place of a time, and the point nearest to it", () => {
  expect([-5, 0, 30, 60, 61].map((at) => firstFrom([0, 60, 120], at))).toEqual([0, 0, 1, 1, 2]);
  expect([-5, 29, 31, 500].map((at) => nearest([0, 60, 120], at))).toEqual([0, 0, 1, 2]);
  expect(nearest([], 3)).toBe(-1);
});

it("draws 15,000 points in as many strokes as there are columns, and loses no peak", () => {
  const made = strokes(TIMES, VALUES, 0, MANY * 60, (MANY * 60) / 1000, 90);
  expect(made.length).toBe(1000);
  expect(Math.max(...made.map((one) => one.high))).toBe(Math.max(...VALUES));
  expect(Math.min(...made.map((one) => one.low))).toBe(Math.min(...VALUES));
  expect(made.slice(1).every((one) => one.joined)).toBe(true);
});

it("keeps every point where there is room for it, one more at each edge", () => {
  const made = strokes(TIMES, VALUES, 600, 1200, 1, 90);
  expect(made.map((one) => one.at)).toEqual([540, 600, 660, 720, 780, 840, 900, 960, 1020, 1080, 1140, 1200]);
  expect(made.map((one) => one.first)).toEqual(Array.from(VALUES.slice(9, 21)));
});

it("breaks the line where nights or unknown values lie between", () => {
  const times = [0, 60, 120, 600, 660, 720];
  const values = [1, 2, 3, 4, Number.NaN, 6];
  const made = strokes(times, values, 0, 720, 1, 90);
  expect(made.map((one) => [one.first, one.joined])).toEqual([
    [1, false],
    [2, true],
    [3, true],
    [4, false],
    [6, false],
  ]);
});

it("says how high a plot must be for what it shows, and nothing of nothing", () => {
  expect(
    extent(
      [0, 1, 2, 3],
      [
        [1, 9, Number.NaN, 4],
        [2, 2, 2, 2],
      ],
      1,
      4,
    ),
  ).toEqual([2, 9]);
  expect(extent([0, 1], [[Number.NaN, Number.NaN]], 0, 2)).toBeNull();
  expect(extent([], [[]], 0, 2)).toBeNull();
});
