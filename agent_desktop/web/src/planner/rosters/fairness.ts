/** How much everybody has of what should be even: hours, days, nights, weekends, early and late ones, wishes. */

import { toneOf } from "../../rosters/days";
import { dayNumber, weekday } from "../../shared/plot/zone";
import type { RosterShift } from "../../shared/schema";
import { type Plan, type ProblemShift, worked } from "./problem";

export const COUNTED = [
  "hours",
  "days",
  "weekends",
  "nights",
  "early",
  "late",
  "holidays",
  "wishes",
] as const;
export type Counted = (typeof COUNTED)[number];

export interface Share {
  person: string;
  counts: Record<Counted, number>;
  /** Wishes there are; `counts.wishes` of them are granted. */
  wishes: number;
}

const MARKS = { nights: "night", early: "early", late: "late" } as const;

export function sharesOf(plan: Plan, roster: Iterable<RosterShift>): Share[] {
  const of = new Map<string, RosterShift[]>();
  for (const one of roster) {
    const mine = of.get(one.person);
    if (mine) mine.push(one);
    else of.set(one.person, [one]);
  }
  const kinds = new Map(plan.file.shifts.map((one) => [one.id, kindsOf(one, plan.file.shifts)]));
  return plan.file.people.map((person) => {
    const mine = of.get(person.id) ?? [];
    const weekends = new Set<number>();
    const counts: Record<Counted, number> = {
      hours: 0,
      days: mine.length,
      weekends: 0,
      nights: 0,
      early: 0,
      late: 0,
      holidays: 0,
      wishes: 0,
    };
    for (const one of mine) {
      const shift = plan.shifts.get(one.shift);
      counts.hours += worked(shift, one.length) / 60;
      const number = dayNumber(one.day);
      if (weekday(number) >= 5) weekends.add(number - weekday(number));
      if (plan.days[plan.place(one.day)]?.holiday) counts.holidays += 1;
      for (const kind of kinds.get(one.shift) ?? []) counts[kind] += 1;
    }
    counts.weekends = weekends.size;
    const has = new Map(mine.map((one) => [plan.place(one.day), one.shift]));
    const wishes = person.wishes ?? [];
    counts.wishes = wishes.filter((wish) => {
      const shift = has.get(wish.day);
      return (shift !== undefined && isOne(plan.shifts.get(shift), wish.shifts ?? [])) === wish.want;
    }).length;
    return { person: person.id, counts, wishes: wishes.length };
  });
}

/** Whether a shift is one of those named by id or mark; any is, where nothing is named. */
function isOne(shift: ProblemShift | undefined, names: readonly string[]): boolean {
  if (!shift || !names.length) return Boolean(shift);
  return names.includes(shift.id) || (shift.marks ?? []).some((mark) => names.includes(mark));
}

/** By its marks; where no shift has such a mark, by when it begins. */
function kindsOf(shift: ProblemShift, all: readonly ProblemShift[]): Counted[] {
  return (["nights", "early", "late"] as const).filter((kind) => {
    const mark = MARKS[kind];
    if (all.some((one) => one.marks?.includes(mark))) return shift.marks?.includes(mark);
    const tone = toneOf(shift.start);
    return tone === mark;
  });
}

/** The least and the most of something. */
export function spread(shares: readonly Share[], of: Counted): { least: number; most: number } {
  const values = shares.map((one) => one.counts[of]);
  return values.length ? { least: Math.min(...values), most: Math.max(...values) } : { least: 0, most: 0 };
}
