/** Requirement against cover: where people are short, and how strongly. */

import { addDays } from "../../shared/format";
import type { RosterCoverWhole } from "../../shared/schema";

const A_DAY = 24 * 60;

/** A while of a day in which people are missing at one kind of work, or on a shift (then without minutes). */
export interface Gap {
  kind: "demand" | "shift";
  name: string;
  day: string;
  from: number;
  to: number;
  /** The most that are missing at once. */
  worst: number;
  /** Minutes of people missing, all together; of a shift the people. */
  missing: number;
}

/** Intervals of a day; days have as many as the period has them. */
export function perDay(cover: RosterCoverWhole): number {
  return A_DAY / cover.interval_minutes;
}

/** All gaps, those in which most is missing first. */
export function gapsOf(cover: RosterCoverWhole): Gap[] {
  const found: Gap[] = [];
  const count = perDay(cover);
  for (const demand of cover.demands) {
    for (let day = 0; day < cover.days; day++) {
      let gap: Gap | null = null;
      for (let n = 0; n < count; n++) {
        const at = day * count + n;
        const short = (demand.required[at] ?? 0) - (demand.served[at] ?? 0);
        if (short <= 0) {
          gap = null;
          continue;
        }
        if (!gap) {
          gap = {
            kind: "demand",
            name: demand.name,
            day: addDays(cover.start, day),
            from: n * cover.interval_minutes,
            to: 0,
            worst: 0,
            missing: 0,
          };
          found.push(gap);
        }
        gap.to = (n + 1) * cover.interval_minutes;
        gap.worst = Math.max(gap.worst, short);
        gap.missing += short * cover.interval_minutes;
      }
    }
  }
  found.sort((a, b) => b.missing - a.missing || a.day.localeCompare(b.day));
  const shifts = cover.shifts
    .filter((one) => one.has < one.required)
    .map<Gap>((one) => ({
      kind: "shift",
      name: one.shift,
      day: one.day,
      from: 0,
      to: 0,
      worst: one.required - one.has,
      missing: one.required - one.has,
    }))
    .sort((a, b) => b.missing - a.missing || a.day.localeCompare(b.day));
  return [...found, ...shifts];
}

export interface Total {
  /** Minutes of people asked for, missing, and too many. */
  required: number;
  missing: number;
  beyond: number;
}

/** What a demand asks for and lacks, in minutes of people. */
export function totalOf(cover: RosterCoverWhole, demand: RosterCoverWhole["demands"][number]): Total {
  const total = { required: 0, missing: 0, beyond: 0 };
  demand.required.forEach((required, n) => {
    const more = (demand.served[n] ?? 0) - required;
    total.required += required * cover.interval_minutes;
    if (more < 0) total.missing -= more * cover.interval_minutes;
    else total.beyond += more * cover.interval_minutes;
  });
  return total;
}

/** People missing by day, in minutes of people, of all demands and shifts (these as their whole number). */
export function missingByDay(cover: RosterCoverWhole): { minutes: number[]; shifts: number[] } {
  const minutes = new Array<number>(cover.days).fill(0);
  const count = perDay(cover);
  for (const demand of cover.demands)
    demand.required.forEach((required, n) => {
      const short = required - (demand.served[n] ?? 0);
      const day = Math.floor(n / count);
      if (short > 0) minutes[day] = (minutes[day] ?? 0) + short * cover.interval_minutes;
    });
  const shifts = new Array<number>(cover.days).fill(0);
  const places = new Map(Array.from({ length: cover.days }, (_, n) => [addDays(cover.start, n), n]));
  for (const one of cover.shifts) {
    const day = places.get(one.day);
    if (day !== undefined && one.has < one.required)
      shifts[day] = (shifts[day] ?? 0) + one.required - one.has;
  }
  return { minutes, shifts };
}

/** The intervals of the day in which anybody is asked for or there on any day. */
export function used(cover: RosterCoverWhole, name: string): { from: number; to: number } {
  const demand = cover.demands.find((one) => one.name === name);
  const count = perDay(cover);
  let [from, to] = [count, 0];
  demand?.required.forEach((required, n) => {
    if (required > 0 || (demand.served[n] ?? 0) > 0) {
      from = Math.min(from, n % count);
      to = Math.max(to, (n % count) + 1);
    }
  });
  return from < to ? { from, to } : { from: 0, to: count };
}

/** How strongly a cell is coloured, -1 (short) to 1 (too many), more even to the eye than the share itself. */
export function lean(difference: number, required: number): number {
  if (difference === 0) return 0;
  const share = Math.abs(difference) / Math.max(1, required, Math.abs(difference));
  const strength = Math.min(1, 0.25 + 0.75 * share ** 0.7);
  return difference < 0 ? -strength : strength;
}
