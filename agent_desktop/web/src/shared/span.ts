/** A span of whole days of this machine's calendar, as it stands in a page's address and as the server wants it. */

export const PRESETS = ["today", "yesterday", "week", "month"] as const;
export type Preset = (typeof PRESETS)[number];

export interface Days {
  from: string;
  /** The last day, included. */
  to: string;
}

const two = (n: number) => String(n).padStart(2, "0");

/** A moment's day as `2026-10-01`. */
export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The days a preset means at `now`: the week is the last seven days, the month the one that runs. */
export function daysOf(preset: Preset, now: Date): Days {
  const before = (days: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() - days);
    return dayOf(day);
  };
  if (preset === "yesterday") return { from: before(1), to: before(1) };
  if (preset === "week") return { from: before(6), to: before(0) };
  if (preset === "month") return { from: `${dayOf(now).slice(0, 8)}01`, to: before(0) };
  return { from: before(0), to: before(0) };
}

/** The first moment of a day in ms, or of one some days after it. */
export function dayStart(day: string, after = 0): number {
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + after);
  return start.getTime();
}

/** How many days a span has. */
export function length(days: Days): number {
  return Math.round((dayStart(days.to, 1) - dayStart(days.from)) / 86_400_000);
}

/** `from` and `to` in ms for the server, which excludes the end. */
export function spanQuery(days: Days): string {
  return `from=${dayStart(days.from)}&to=${dayStart(days.to, 1)}`;
}
