/** Queues put together interval by interval. */

import type { QueueInterval } from "../shared/schema";

export type Interval = "15" | "30" | "60" | "day";

export interface Summed {
  local: string;
  offered: number;
  answered: number;
  abandoned: number;
  answered_in_target: number;
  abandoned_in_target: number;
  short_abandoned: number;
}

/** The interval that gives a span of so many days a chart people can read. */
export function usualInterval(days: number): Interval {
  return days <= 1 ? "30" : days <= 3 ? "60" : "day";
}

/** What the wall clock says in a server's local time (`2026-10-01 09:00:00+08:00`). */
const wall = (local: string) => local.slice(0, 16).replace("T", " ");

const EMPTY: Omit<Summed, "local"> = {
  offered: 0,
  answered: 0,
  abandoned: 0,
  answered_in_target: 0,
  abandoned_in_target: 0,
  short_abandoned: 0,
};

/**
 * One row for each interval from the first to the last that anything happened in, by what the queues' own
 * clocks said at its start.
 */
export function summed(intervals: readonly QueueInterval[], interval: Interval): Summed[] {
  const rows = new Map<string, Summed>();
  const times = intervals.map((one) => wall(one.local)).sort();
  const last = times.at(-1) ?? "";
  for (let at = times[0] ?? ""; at && at <= last; at = after(at, interval))
    rows.set(at, { ...EMPTY, local: at });
  for (const one of intervals) {
    const local = wall(one.local);
    const row = rows.get(local) ?? { ...EMPTY, local };
    for (const name of Object.keys(EMPTY) as (keyof typeof EMPTY)[]) row[name] += one[name];
    rows.set(local, row);
  }
  return [...rows.values()].sort((a, b) => (a.local < b.local ? -1 : 1));
}

function after(at: string, interval: Interval): string {
  const minutes = interval === "day" ? 24 * 60 : Number(interval);
  return new Date(Date.parse(`${at.replace(" ", "T")}:00Z`) + minutes * 60_000)
    .toISOString()
    .slice(0, 16)
    .replace("T", " ");
}

/** What stands under a bar: the time of day, or the day where a bar is one or there are several. */
export function barLabel(local: string, interval: Interval, days: number): string {
  const [day = "", time = ""] = local.split(" ");
  if (interval === "day") return day.slice(5);
  return days > 1 ? `${day.slice(5)} ${time}` : time;
}
