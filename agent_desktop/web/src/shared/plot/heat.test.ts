import { expect, it } from "vitest";
import { heatOf, slotText, strength } from "./heat";
import { DAY, HOUR, ZoneClock } from "./zone";

const CLOCK = new ZoneClock("Asia/Shanghai");
/** Monday, 2 November 2026, 08:00 there. */
const MONDAY = Date.parse("2026-11-02T00:00:00Z");

it("has the mean of each weekday at each time, hours from halves of them", () => {
  const times = Float64Array.from(
    [0, 0.5, 1, 1.5].flatMap((h) => [0, 1, 7].map((d) => MONDAY + d * DAY + h * HOUR)).sort((a, b) => a - b),
  );
  // By day: Monday 10 each, Tuesday 1 each, the next Monday 20 each.
  const values = [10, 10, 10, 10, 1, 1, 1, Number.NaN, 20, 20, 20, 20];
  const heat = heatOf(times, values, 60, HOUR / 2, CLOCK, MONDAY, MONDAY + 30 * DAY);
  expect(heat).toEqual({
    slots: [480, 540],
    days: [0, 1],
    cells: [
      [30, 30],
      [2, 1],
    ],
    most: 30,
  });
  const first = heatOf(times, values, 60, HOUR / 2, CLOCK, MONDAY, MONDAY + DAY);
  expect(first.cells).toEqual([[20, 20]]);
});

it("leaves a place for times at which nothing was", () => {
  const heat = heatOf(
    Float64Array.from([MONDAY, MONDAY + 4 * HOUR]),
    [3, 5],
    60,
    HOUR,
    CLOCK,
    0,
    MONDAY + DAY,
  );
  expect(heat.slots).toEqual([480, 540, 600, 660, 720]);
  expect(heat.cells).toEqual([[3, Number.NaN, Number.NaN, Number.NaN, 5]]);
  expect(heatOf(new Float64Array(), [], 60, HOUR, CLOCK, 0, 1)).toEqual({
    slots: [],
    days: [],
    cells: [],
    most: 0,
  });
});

it("colours nothing for nothing, and most for the most", () => {
  expect([0, 5, 10, Number.NaN].map((one) => strength(one, 10)).map((one) => Math.round(one * 100))).toEqual([
    0, 57, 100, 0,
  ]);
  expect(strength(3, 0)).toBe(0);
  expect(slotText(1410, 30)).toBe("23:30–24:00");
});
