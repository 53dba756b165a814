/** A history as a plot wants it, by interval, hour, day, week or month. */

import { column } from "../../shared/format";
import { endOf, type Grain, grouped, means, sums } from "../../shared/plot/aggregate";
import { DAY, HOUR, type ZoneClock } from "../../shared/plot/zone";
import type { HistoryShown } from "../../shared/schema";

export const MEASURES = ["calls", "aht_s", "abandoned", "answered", "ivr", "talk_s", "acw_s"] as const;
export type Measure = (typeof MEASURES)[number];

/** Means, weighted by calls; everything else is a sum. */
export const isMean = (what: Measure) => what.endsWith("_s");

export interface Picture {
  times: Float64Array;
  /** As it was counted. */
  raw: Float64Array;
  /** What models learn from; the same as `raw` for other measures than calls. */
  cleaned: Float64Array;
  /** Of a point, in ms. */
  interval: number;
}

/** The columns of `shown` that are of `what`. */
export function pictureOf(shown: HistoryShown, what: Measure): Picture {
  const times = Float64Array.from(shown.starts);
  const length = times.length;
  const raw = what === "calls" ? column(shown.calls) : column(shown.measures[what], length);
  const cleaned = what === "calls" ? column(shown.cleaned, length) : raw;
  const interval = shown.by === "day" ? DAY : shown.interval_min * 60_000;
  return { times, raw, cleaned, interval };
}

/** Put together to a coarser grain; `weights` are the calls, for means; history is `known` from and to. */
export function coarser(
  picture: Picture,
  grain: Grain,
  mean: boolean,
  weights: Float64Array,
  clock: ZoneClock,
  known: { from: number; to: number },
): Picture {
  const length = { interval: picture.interval, hour: HOUR, day: DAY, week: 7 * DAY, month: 31 * DAY }[grain];
  if (grain === "interval" || length < picture.interval) return picture;
  if (length === picture.interval)
    return grain === "day" && !mean ? wholeDays(picture, clock, known) : picture;
  const group = grouped(picture.times, grain, clock);
  const together = (values: Float64Array) => (mean ? means(values, weights, group) : sums(values, group));
  const raw = together(picture.raw);
  const cleaned = picture.cleaned === picture.raw ? raw : together(picture.cleaned);
  // A week that is not all there is no week of few calls.
  if (!mean)
    group.times.forEach((at, n) => {
      if (at >= known.from && endOf(at, grain, clock) <= known.to) return;
      raw[n] = Number.NaN;
      cleaned[n] = Number.NaN;
    });
  return {
    times: group.times,
    raw,
    cleaned,
    interval: length,
  };
}

/** Without a day that is not over: it would look like one of few calls. */
function wholeDays(picture: Picture, clock: ZoneClock, known: { to: number }): Picture {
  const last = picture.times.length - 1;
  if (last < 0 || endOf(picture.times[last] as number, "day", clock) <= known.to) return picture;
  const cut = (values: Float64Array) => values.map((value, n) => (n === last ? Number.NaN : value));
  const raw = cut(picture.raw);
  return { ...picture, raw, cleaned: picture.cleaned === picture.raw ? raw : cut(picture.cleaned) };
}

/** Only where cleaning made a difference, with a point each side, so that there is a line: NaN elsewhere. */
export function differing(picture: Picture): Float64Array {
  const { raw, cleaned } = picture;
  if (raw === cleaned) return new Float64Array(raw.length).fill(Number.NaN);
  const differs = (n: number) => {
    const [a, b] = [raw[n], cleaned[n]];
    if (a === undefined || b === undefined || (Number.isNaN(a) && Number.isNaN(b))) return false;
    return Number.isNaN(a) || Number.isNaN(b) || Math.abs(a - b) > 1e-6;
  };
  return raw.map((value, n) => (differs(n - 1) || differs(n) || differs(n + 1) ? value : Number.NaN));
}
