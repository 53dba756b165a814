import { expect, it } from "vitest";
import { endOf, grouped, means, sums, usualGrain } from "./aggregate";
import { DAY, dayText, HOUR, ZoneClock } from "./zone";

const CLOCK = new ZoneClock("Europe/Berlin");
const HALF = HOUR / 2;
const from = Date.parse("2026-03-27T23:00:00Z");
/** Three days, of which the middle one has 23 hours. */
const TIMES = Float64Array.from({ length: 71 * 2 }, (_, n) => from + n * HALF);

it("puts intervals together by the days of the zone, the short one too", () => {
  const days = grouped(TIMES, "day", CLOCK);
  expect(Array.from(days.times, (at) => dayText(CLOCK.day(at)))).toEqual([
    "2026-03-28",
    "2026-03-29",
    "2026-03-30",
  ]);
  expect(Array.from(sums(new Float64Array(142).fill(1), days))).toEqual([48, 46, 48]);
  expect(grouped(TIMES, "hour", CLOCK).times.length).toBe(71);
});

it("puts days together by weeks from Monday, and by months", () => {
  const days = Float64Array.from({ length: 70 }, (_, n) => CLOCK.start(CLOCK.day(from) + n));
  const weeks = grouped(days, "week", CLOCK);
  expect(Array.from(sums(new Float64Array(70).fill(1), weeks)).slice(0, 3)).toEqual([2, 7, 7]);
  const months = grouped(days, "month", CLOCK);
  expect(Array.from(months.times, (at) => dayText(CLOCK.day(at)))).toEqual([
    "2026-03-01",
    "2026-04-01",
    "2026-05-01",
    "2026-06-01",
  ]);
});

it("knows when each group ends, the short day and the month too", () => {
  const ends = (["hour", "day", "week", "month"] as const).map((grain) => {
    const begin = grouped(Float64Array.from([from + DAY]), grain, CLOCK).times[0] ?? 0;
    return [begin, endOf(begin, grain, CLOCK)].map((at) => dayText(CLOCK.day(at)));
  });
  expect(ends).toEqual([
    ["2026-03-29", "2026-03-29"],
    ["2026-03-29", "2026-03-30"],
    ["2026-03-23", "2026-03-30"],
    ["2026-03-01", "2026-04-01"],
  ]);
});

it("leaves out what is not known, and says so of a day of which nothing is", () => {
  const days = grouped(TIMES, "day", CLOCK);
  const values = new Float64Array(142).fill(2).fill(Number.NaN, 40, 94);
  expect(Array.from(sums(values, days))).toEqual([80, Number.NaN, 96]);
  const weights = new Float64Array(142).fill(1);
  weights[0] = 3;
  const aht = new Float64Array(142).fill(100);
  aht[0] = 200;
  expect(means(aht, weights, days)[0]).toBe((600 + 47 * 100) / 50);
  expect(means(values, new Float64Array(142), days)[1]).toBeNaN();
});

it("chooses intervals for days, days for months, weeks for years", () => {
  expect([DAY, 30 * DAY, 365 * DAY, 900 * DAY].map(usualGrain)).toEqual(["interval", "day", "day", "week"]);
});
