/** Intervals put together: hours, days, weeks and months by the clocks and the calendar of their zone. */

import { DAY, type DayNumber, dayText, HOUR, weekday, type ZoneClock } from "./zone";

export const GRAINS = ["interval", "hour", "day", "week", "month"] as const;
export type Grain = (typeof GRAINS)[number];

/** How long a point of a grain is at the least, in ms. */
export const GRAIN_MS: Record<Exclude<Grain, "interval">, number> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 28 * DAY,
};

export interface Group {
  /** When each group begins, in ms, ascending. */
  times: Float64Array;
  /** For each interval, the place of its group. */
  of: Int32Array;
}

/** Which interval goes where. `times` ascending, in ms. */
export function grouped(times: Float64Array, grain: Exclude<Grain, "interval">, clock: ZoneClock): Group {
  const of = new Int32Array(times.length);
  const begins: number[] = [];
  let key = Number.NaN;
  times.forEach((at, n) => {
    const [here, begin] = keyOf(at, grain, clock);
    if (here !== key) {
      key = here;
      begins.push(begin());
    }
    of[n] = begins.length - 1;
  });
  return { times: Float64Array.from(begins), of };
}

function keyOf(at: number, grain: Exclude<Grain, "interval">, clock: ZoneClock): [number, () => number] {
  if (grain === "hour") {
    // An hour that comes twice stays two.
    const begin = at - (((clock.wall(at) % HOUR) + HOUR) % HOUR);
    return [begin, () => begin];
  }
  const first = firstDay(clock.day(at), grain);
  return [first, () => clock.start(first)];
}

function firstDay(day: DayNumber, grain: Grain): DayNumber {
  if (grain === "week") return day - weekday(day);
  if (grain === "month") return Date.parse(`${dayText(day).slice(0, 7)}-01T00:00:00Z`) / DAY;
  return day;
}

/** When the group that begins at `at` ends, in ms. */
export function endOf(at: number, grain: Exclude<Grain, "interval">, clock: ZoneClock): number {
  if (grain === "hour") return at + HOUR;
  const day = clock.day(at);
  if (grain === "day") return clock.start(day + 1);
  return clock.start(firstDay(day + (grain === "week" ? 7 : 31), grain));
}

/** The sum of each group; what is not known is left out, a group of which nothing is known is NaN. */
export function sums(values: ArrayLike<number>, group: Group): Float64Array {
  const made = new Float64Array(group.times.length).fill(Number.NaN);
  for (let n = 0; n < group.of.length; n++) {
    const value = values[n] as number;
    if (Number.isNaN(value)) continue;
    const to = group.of[n] as number;
    made[to] = Number.isNaN(made[to]) ? value : (made[to] as number) + value;
  }
  return made;
}

/** The mean of each group, weighted; NaN where no weight is. */
export function means(values: ArrayLike<number>, weights: ArrayLike<number>, group: Group): Float64Array {
  const total = new Float64Array(group.times.length);
  const weight = new Float64Array(group.times.length);
  for (let n = 0; n < group.of.length; n++) {
    const [value, by] = [values[n] as number, weights[n] as number];
    if (Number.isNaN(value) || !(by > 0)) continue;
    const to = group.of[n] as number;
    total[to] = (total[to] as number) + value * by;
    weight[to] = (weight[to] as number) + by;
  }
  return total.map((one, n) => (weight[n] ? one / (weight[n] as number) : Number.NaN));
}

/** The grain that gives a stretch a line people can read. */
export function usualGrain(length: number): Grain {
  return length <= 15 * DAY ? "interval" : length <= 400 * DAY ? "day" : "week";
}
