/** The usual week as a table: each weekday by each time of day. */

import { minuteText, weekday, type ZoneClock } from "./zone";

export interface Heat {
  /** Minutes since midnight, ascending. */
  slots: number[];
  /** Weekdays that occur, Monday 0. */
  days: number[];
  /** By day and slot; NaN where there is nothing. */
  cells: number[][];
  most: number;
}

/** The mean of `values` by weekday and time of day, in slots of `minutes`, counting what lies within `from` to `to`. */
export function heatOf(
  times: Float64Array,
  values: ArrayLike<number>,
  minutes: number,
  interval: number,
  clock: ZoneClock,
  from: number,
  to: number,
): Heat {
  const total = new Map<number, [number, Set<number>]>();
  for (let n = 0; n < times.length; n++) {
    const at = times[n] as number;
    const value = values[n] as number;
    if (at < from || at >= to || Number.isNaN(value)) continue;
    const day = clock.day(at);
    const slot = Math.floor(clock.minute(at) / minutes) * minutes;
    const key = weekday(day) * 1440 + slot;
    const cell = total.get(key) ?? [0, new Set<number>()];
    cell[0] += value;
    // By day, not by interval: a slot may hold several.
    cell[1].add(day);
    total.set(key, cell);
  }
  const keys = [...total.keys()];
  const found = [...new Set(keys.map((key) => key % 1440))].sort((a, b) => a - b);
  const days = [...new Set(keys.map((key) => Math.floor(key / 1440)))].sort((a, b) => a - b);
  const step = Math.max(minutes, interval / 60_000);
  // Without gaps, so that places mean times.
  const slots: number[] = [];
  const first = found[0] ?? 0;
  for (let slot = first; found.length && slot <= (found.at(-1) ?? first); slot += step) slots.push(slot);
  const cells = days.map((day) =>
    slots.map((slot) => {
      const cell = total.get(day * 1440 + slot);
      return cell ? cell[0] / cell[1].size : Number.NaN;
    }),
  );
  return { slots, days, cells, most: Math.max(0, ...cells.flat().filter((one) => !Number.isNaN(one))) };
}

/** How strongly a cell is coloured, 0 to 1; more even steps to the eye than the share itself. */
export function strength(value: number, most: number): number {
  return most > 0 && value > 0 ? (value / most) ** 0.8 : 0;
}

/** The span of a slot in words: `09:00–09:30`. */
export function slotText(slot: number, minutes: number): string {
  return `${minuteText(slot)}–${minuteText(slot + minutes)}`;
}
