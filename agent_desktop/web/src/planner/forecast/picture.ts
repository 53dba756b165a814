/** A forecast as a plot wants it: what came before it, what it says, what it was changed to, what came. */

import { column } from "../../shared/format";
import { type Grain, grouped, sums } from "../../shared/plot/aggregate";
import { DAY, HOUR, type ZoneClock } from "../../shared/plot/zone";
import type { ForecastColumns, ForecastShown, HistoryShown, PreviewShown } from "../../shared/schema";

export type ForecastMeasure = "calls" | "aht_s" | "abandonment";

export interface ForecastPicture {
  times: Float64Array;
  interval: number;
  actual: Float64Array;
  /** What counts, and what the machine said. */
  said: Float64Array;
  machine: Float64Array;
  lo80: Float64Array;
  hi80: Float64Array;
  lo95: Float64Array;
  hi95: Float64Array;
  /** What an override that is being written would make of it. */
  preview: Float64Array;
}

/** What a forecast can be summed to; nobody looks at the hours of a whole year. */
export function grainsOf(forecast: Pick<ForecastShown, "interval_min" | "kind">): Grain[] {
  if (forecast.interval_min >= 1440 || forecast.kind === "year") return ["day", "week", "month"];
  if (forecast.interval_min >= 60) return ["hour", "day", "week", "month"];
  return ["interval", "hour", "day", "week", "month"];
}

/** The grain people can read over so many ms; none finer than the forecast has. */
export function forecastGrain(forecast: Pick<ForecastShown, "interval_min" | "kind">, length: number): Grain {
  const there = grainsOf(forecast);
  if (forecast.kind === "year") return length <= 120 * DAY ? "day" : "month";
  return length <= 15 * DAY ? (there[0] as Grain) : length <= 400 * DAY ? "day" : "week";
}

/** Of a point, in ms. */
export function lengthOf(grain: Grain, interval_min: number): number {
  const lengths = { interval: interval_min * 60_000, hour: HOUR, day: DAY, week: 7 * DAY, month: 31 * DAY };
  return lengths[grain];
}

/** Past and future in one row of times; `past` holds the calls before it by the same grain. */
export function pictureOf(
  shown: ForecastColumns,
  past: HistoryShown | null,
  what: ForecastMeasure,
  preview: PreviewShown | null,
  clock: ZoneClock,
  now: number,
): ForecastPicture {
  const first = shown.starts[0] ?? Number.POSITIVE_INFINITY;
  const before = past ? past.starts.filter((at) => at < first).length : 0;
  const length = before + shown.starts.length;
  const times = new Float64Array(length);
  past?.starts.slice(0, before).forEach((at, n) => {
    times[n] = at;
  });
  shown.starts.forEach((at, n) => {
    times[before + n] = at;
  });
  const later = (values: readonly (number | null)[] | undefined) => {
    const made = new Float64Array(length).fill(Number.NaN);
    made.set(column(values), before);
    return made;
  };
  const nothing = () => new Float64Array(length).fill(Number.NaN);
  const said = what === "calls" ? shown.calls : what === "aht_s" ? shown.aht_s : shown.abandonment;
  const machine = what === "calls" ? shown.machine : what === "aht_s" ? shown.machine_aht_s : [];
  const actual = later(what === "calls" ? shown.actual : what === "aht_s" ? shown.actual_aht_s : []);
  if (past && what !== "abandonment") {
    const known = what === "calls" ? past.calls : past.measures.aht_s;
    known?.slice(0, before).forEach((value, n) => {
      if (value !== null) actual[n] = value;
    });
  }
  // A day that is not over is no day of few calls.
  const interval = lengthOf(shown.by_what, shown.interval_min);
  if (shown.by_what !== "interval" && what === "calls")
    times.forEach((at, n) => {
      const end = times[n + 1] ?? at + interval;
      if (at <= now && end > now) actual[n] = Number.NaN;
    });
  const bands = what === "calls";
  return {
    times,
    interval,
    actual,
    said: later(said),
    machine: later(machine),
    lo80: bands ? later(shown.lo80) : nothing(),
    hi80: bands ? later(shown.hi80) : nothing(),
    lo95: bands ? later(shown.lo95) : nothing(),
    hi95: bands ? later(shown.hi95) : nothing(),
    preview: preview ? previewOf(shown, preview, what, times, clock) : nothing(),
  };
}

/** The preview is by interval; it is put together like the forecast that is shown. */
function previewOf(
  shown: ForecastColumns,
  preview: PreviewShown,
  what: ForecastMeasure,
  times: Float64Array,
  clock: ZoneClock,
): Float64Array {
  const made = new Float64Array(times.length).fill(Number.NaN);
  if (what === "abandonment") return made;
  let starts: Float64Array = Float64Array.from(preview.starts);
  let values = column(what === "calls" ? preview.calls : preview.aht_s);
  const grain = shown.by_what;
  const finer = preview.starts.length > shown.starts.length;
  if (grain !== "interval" && finer) {
    // Of means a sum says nothing, and their weights are not here.
    if (what === "aht_s") return made;
    const group = grouped(starts, grain, clock);
    values = sums(values, group);
    starts = group.times;
  }
  const place = new Map(Array.from(times, (at, n) => [at, n]));
  // A forecast that begins within a week has its first point there, not on Monday.
  starts.forEach((at, n) => {
    const to = place.get(at) ?? (n === 0 ? place.get(shown.starts[0] ?? Number.NaN) : undefined);
    if (to !== undefined) made[to] = values[n] as number;
  });
  return made;
}
