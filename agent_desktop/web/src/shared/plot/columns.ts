/** A line of any length in as many strokes as the screen has columns. */

/** The first place in ascending `times` that is not before `at`. */
export function firstFrom(times: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place in ascending `times` nearest to `at`; -1 where there is none. */
export function nearest(times: ArrayLike<number>, at: number): number {
  const after = firstFrom(times, at);
  if (after === 0) return times.length ? 0 : -1;
  if (after === times.length) return after - 1;
  return at - (times[after - 1] as number) <= (times[after] as number) - at ? after - 1 : after;
}

/** What a column of the screen has of a line: the first, least, greatest and last value in it, and when. */
export interface Stroke {
  at: number;
  end: number;
  first: number;
  low: number;
  high: number;
  last: number;
  /** Nothing lies between this and the stroke before. */
  joined: boolean;
}

/**
 * The strokes of `values` at ascending `times` between `from` and `to` (one point more at each end, so that the
 * line goes on to the edge), one for each column of `column` ms. NaN is no value. Two points further apart than
 * `gap` ms are not joined. No peak is lost, whatever the zoom.
 */
export function strokes(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
  column: number,
  gap: number,
): Stroke[] {
  const begin = Math.max(0, firstFrom(times, from) - 1);
  const end = Math.min(times.length, firstFrom(times, to) + 1);
  const made: Stroke[] = [];
  let now: Stroke | null = null;
  let cell = Number.NaN;
  for (let n = begin; n < end; n++) {
    const value = values[n] as number;
    if (Number.isNaN(value)) continue;
    const at = times[n] as number;
    const here = Math.floor((at - from) / column);
    const joined: boolean = now !== null && at - now.end <= gap;
    if (now === null || here !== cell || !joined) {
      now = { at, end: at, first: value, low: value, high: value, last: value, joined };
      made.push(now);
      cell = here;
    } else {
      now.end = at;
      now.last = value;
      if (value < now.low) now.low = value;
      if (value > now.high) now.high = value;
    }
  }
  return made;
}

/** Least and greatest of what lies between `from` and `to`, of several lines; null where nothing does. */
export function extent(
  times: ArrayLike<number>,
  lines: readonly ArrayLike<number>[],
  from: number,
  to: number,
): [number, number] | null {
  const begin = firstFrom(times, from);
  const end = firstFrom(times, to);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of lines)
    for (let n = begin; n < end; n++) {
      const value = values[n] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : null;
}
