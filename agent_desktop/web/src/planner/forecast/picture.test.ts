import { expect, it } from "vitest";
import { DAY, ZoneClock } from "../../shared/plot/zone";
import type { ForecastColumns, HistoryShown } from "../../shared/schema";
import { forecastGrain, grainsOf, pictureOf } from "./picture";

const CLOCK = new ZoneClock("Asia/Shanghai");
const LATER = Date.parse("2027-01-01T00:00:00Z");
const MIDNIGHT = Date.parse("2026-11-24T16:00:00Z");
const forecast = (part: Partial<ForecastColumns>): ForecastColumns => ({
  id: 5,
  series: "bank",
  series_name: "Bank",
  kind: "weeks",
  period: "",
  at: 0,
  by: "paul",
  note: "",
  model: "auto",
  chosen: "combination",
  backtest: null,
  interval_min: 30,
  zone: "Asia/Shanghai",
  first: "2026-11-25",
  last: "2026-11-26",
  history_to: MIDNIGHT,
  machine_calls: 30,
  human_calls: 33,
  overrides: 1,
  published: null,
  by_what: "day",
  starts: [MIDNIGHT, MIDNIGHT + DAY],
  calls: [11, 22],
  machine: [10, 20],
  lo80: [9, 18],
  hi80: [13, 26],
  lo95: [8, 15],
  hi95: [15, 30],
  aht_s: [180, 190],
  machine_aht_s: [180, 185],
  abandonment: [0.04, 0.05],
  actual: [12, null],
  actual_aht_s: [200, null],
  ...part,
});
const past: HistoryShown = {
  series: "bank",
  zone: "Asia/Shanghai",
  by: "day",
  interval_min: 30,
  starts: [MIDNIGHT - DAY, MIDNIGHT],
  calls: [7, 12],
  cleaned: [7, 12],
  measures: { aht_s: [150, 200] },
  findings: [],
};

it("goes on from the past, which ends where the forecast begins", () => {
  const made = pictureOf(forecast({}), past, "calls", null, CLOCK, LATER);
  expect(Array.from(made.times)).toEqual([MIDNIGHT - DAY, MIDNIGHT, MIDNIGHT + DAY]);
  expect(Array.from(made.actual)).toEqual([7, 12, Number.NaN]);
  expect(Array.from(made.said)).toEqual([Number.NaN, 11, 22]);
  expect(Array.from(made.hi80)).toEqual([Number.NaN, 13, 26]);
});

it("leaves out a day that is not over, which would look like a day of few calls", () => {
  const noon = MIDNIGHT + DAY / 2;
  expect(Array.from(pictureOf(forecast({}), past, "calls", null, CLOCK, noon).actual)).toEqual([
    7,
    Number.NaN,
    Number.NaN,
  ]);
  const hours = forecast({ by_what: "interval" });
  expect(pictureOf(hours, past, "calls", null, CLOCK, noon).actual[1]).toBe(12);
});

it("shows handling times without bands, and abandonment without a past", () => {
  const aht = pictureOf(forecast({}), past, "aht_s", null, CLOCK, LATER);
  expect(Array.from(aht.actual)).toEqual([150, 200, Number.NaN]);
  expect(Array.from(aht.machine)).toEqual([Number.NaN, 180, 185]);
  expect(aht.hi80.every(Number.isNaN)).toBe(true);
  const gone = pictureOf(forecast({}), past, "abandonment", null, CLOCK, LATER);
  expect(Array.from(gone.said)).toEqual([Number.NaN, 0.04, 0.05]);
  expect(gone.actual.every(Number.isNaN)).toBe(true);
});

it("puts what an override would do together like what is shown", () => {
  const starts = Array.from({ length: 96 }, (_, n) => MIDNIGHT + n * 1_800_000);
  const preview = { before: 33, after: 96, starts, calls: starts.map(() => 1), aht_s: starts.map(() => 100) };
  expect(Array.from(pictureOf(forecast({}), past, "calls", preview, CLOCK, LATER).preview)).toEqual([
    Number.NaN,
    48,
    48,
  ]);
  expect(pictureOf(forecast({}), past, "aht_s", preview, CLOCK, LATER).preview.every(Number.isNaN)).toBe(
    true,
  );
});

it("offers no hours of a year, and chooses what can be read", () => {
  expect(grainsOf({ interval_min: 30, kind: "year" })).toEqual(["day", "week", "month"]);
  expect(grainsOf({ interval_min: 60, kind: "month" })[0]).toBe("hour");
  expect(forecastGrain({ interval_min: 15, kind: "weeks" }, 3 * DAY)).toBe("interval");
  expect(forecastGrain({ interval_min: 15, kind: "weeks" }, 56 * DAY)).toBe("day");
  expect(forecastGrain({ interval_min: 1440, kind: "year" }, 365 * DAY)).toBe("month");
});
