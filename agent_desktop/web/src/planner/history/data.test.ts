import { expect, it } from "vitest";
import { DAY, ZoneClock } from "../../shared/plot/zone";
import type { HistoryShown } from "../../shared/schema";
import { coarser, differing, pictureOf } from "./data";

const CLOCK = new ZoneClock("Asia/Shanghai");
const NINE = Date.parse("2026-11-02T01:00:00Z");
const ALL = { from: 0, to: Number.POSITIVE_INFINITY };
const shown: HistoryShown = {
  series: "bank",
  zone: "Asia/Shanghai",
  by: "interval",
  interval_min: 30,
  starts: [0, 1, 2, 3, 4, 5].map((n) => NINE + n * 1_800_000),
  calls: [10, 20, 900, null, 30, 30],
  cleaned: [10, 20, 25, null, 30, 30],
  measures: { aht_s: [100, 200, 300, null, 180, 180], abandoned: [1, 0, 2, null, 0, 0] },
  findings: [],
};

it("shows calls raw and cleaned, other measures as they are", () => {
  const calls = pictureOf(shown, "calls");
  expect(Array.from(calls.raw)).toEqual([10, 20, 900, Number.NaN, 30, 30]);
  expect(Array.from(calls.cleaned)).toEqual([10, 20, 25, Number.NaN, 30, 30]);
  expect(calls.interval).toBe(1_800_000);
  expect(Array.from(pictureOf(shown, "ivr").raw)).toEqual(new Array(6).fill(Number.NaN));
});

it("sums calls by hour, and weighs means by the calls", () => {
  const calls = pictureOf(shown, "calls");
  const hours = coarser(calls, "hour", false, calls.raw, CLOCK, ALL);
  expect(Array.from(hours.raw)).toEqual([30, 900, 60]);
  expect(Array.from(hours.cleaned)).toEqual([30, 25, 60]);
  const aht = coarser(pictureOf(shown, "aht_s"), "hour", true, calls.cleaned, CLOCK, ALL);
  expect(Array.from(aht.raw).map(Math.round)).toEqual([167, 300, 180]);
  expect(coarser(calls, "interval", false, calls.raw, CLOCK, ALL)).toBe(calls);
});

it("leaves out what is not wholly known, such as the week that runs", () => {
  const calls = pictureOf(shown, "calls");
  const known = { from: NINE, to: NINE + 5 * 1_800_000 };
  expect(Array.from(coarser(calls, "hour", false, calls.raw, CLOCK, known).raw)).toEqual([
    30,
    900,
    Number.NaN,
  ]);
  expect(coarser(calls, "day", false, calls.raw, CLOCK, known).cleaned[0]).toBeNaN();
  const midnight = CLOCK.start(CLOCK.day(NINE));
  const days = {
    ...calls,
    times: Float64Array.from([midnight]),
    raw: Float64Array.from([90]),
    interval: DAY,
  };
  const today = { from: 0, to: NINE };
  expect(coarser(days, "day", false, days.raw, CLOCK, today).raw[0]).toBeNaN();
  expect(coarser(days, "day", false, days.raw, CLOCK, { from: 0, to: midnight + DAY }).raw[0]).toBe(90);
});

it("draws what was counted only where it was changed", () => {
  expect(Array.from(differing(pictureOf(shown, "calls")))).toEqual([
    Number.NaN,
    20,
    900,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect(Array.from(differing(pictureOf(shown, "aht_s")))).toEqual(new Array(6).fill(Number.NaN));
});
