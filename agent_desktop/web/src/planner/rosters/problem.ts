/** A rostering problem as its file has it (defaults are left out), read for the page. */

import { addDays } from "../../shared/format";
import { dayNumber, weekday } from "../../shared/plot/zone";

export interface ProblemBreak {
  name: string;
  minutes: number;
  earliest: number;
  latest: number;
  step?: number;
  paid?: boolean;
  from_length?: number;
  clock_from?: number;
  clock_to?: number;
}

export interface ProblemShift {
  id: string;
  start: number;
  length: number;
  latest_start?: number;
  longest?: number;
  start_step?: number;
  length_step?: number;
  marks?: string[];
  breaks?: ProblemBreak[];
  reserve?: boolean;
  name?: string;
}

export interface ProblemWish {
  day: number;
  want: boolean;
  shifts?: string[];
  weight?: number;
}

export interface ProblemPerson {
  id: string;
  name?: string;
  contract?: string;
  skills?: Record<string, number>;
  shifts?: string[];
  team?: string;
  branch?: string;
  away?: { start: number; end: number; reason?: string }[];
  leave?: { day: number; minutes?: number }[];
  fixed?: { day: number; shift: string }[];
  wishes?: ProblemWish[];
  history?: { counts?: Record<string, number> };
}

export interface ProblemFile {
  start: string;
  days: number;
  zone?: string;
  interval_minutes?: number;
  shifts: ProblemShift[];
  people: ProblemPerson[];
  rules?: { rule: string; name?: string; weight?: number }[];
  holidays?: number[];
}

const A_DAY = 24 * 60;
const STEP = 15;

export interface PlanDay {
  day: string;
  weekend: boolean;
  holiday: boolean;
}

/** What the pages ask of a problem, worked out once. */
export class Plan {
  readonly days: PlanDay[];
  readonly shifts: ReadonlyMap<string, ProblemShift>;
  readonly people: ReadonlyMap<string, ProblemPerson>;
  /** What people and shifts are called. */
  readonly names: ReadonlyMap<string, string>;
  readonly shiftNames: ReadonlyMap<string, string>;
  private readonly places: ReadonlyMap<string, number>;

  constructor(readonly file: ProblemFile) {
    const first = dayNumber(file.start);
    const holidays = new Set(file.holidays ?? []);
    this.days = Array.from({ length: file.days }, (_, n) => ({
      day: addDays(file.start, n),
      weekend: weekday(first + n) >= 5,
      holiday: holidays.has(n),
    }));
    this.places = new Map(this.days.map((one, n) => [one.day, n]));
    this.shifts = new Map(file.shifts.map((one) => [one.id, one]));
    this.people = new Map(file.people.map((one) => [one.id, one]));
    this.names = new Map(file.people.map((one) => [one.id, one.name || one.id]));
    this.shiftNames = new Map(file.shifts.map((one) => [one.id, one.name || one.id]));
  }

  get zone(): string {
    return this.file.zone ?? "UTC";
  }

  /** The place of a day in the period; -1 outside. */
  place(day: string): number {
    return this.places.get(day) ?? -1;
  }

  name(person: string): string {
    return this.names.get(person) ?? person;
  }

  /** The shifts a person may be given, all others after them. */
  shiftsFor(person: string): { may: ProblemShift[]; others: ProblemShift[] } {
    const named = this.people.get(person)?.shifts ?? [];
    const fits = (one: ProblemShift) =>
      !named.length || named.includes(one.id) || (one.marks ?? []).some((mark) => named.includes(mark));
    return {
      may: this.file.shifts.filter(fits),
      others: this.file.shifts.filter((one) => !fits(one)),
    };
  }

  /** What is known of a person's day that no roster changes. */
  mark(person: string, place: number): "leave" | "away" | "off" | "wish" | "fixed" | null {
    const one = this.people.get(person);
    if (!one) return null;
    if (one.leave?.some((leave) => leave.day === place)) return "leave";
    const [begin, end] = [place * A_DAY, (place + 1) * A_DAY];
    if (one.away?.some((away) => away.start < end && begin < away.end)) return "away";
    if (one.fixed?.some((fixed) => fixed.day === place)) return "fixed";
    const wish = one.wishes?.find((each) => each.day === place);
    return wish ? (wish.want ? "wish" : "off") : null;
  }
}

/** Minutes of the day at which a shift may begin. */
export function startsOf(shift: ProblemShift): number[] {
  return stepped(shift.start, shift.latest_start ?? shift.start, shift.start_step ?? STEP);
}

/** Minutes a shift may last. */
export function lengthsOf(shift: ProblemShift): number[] {
  return stepped(shift.length, shift.longest ?? shift.length, shift.length_step ?? STEP);
}

export function isFlexible(shift: ProblemShift): boolean {
  return startsOf(shift).length > 1 || lengthsOf(shift).length > 1;
}

function stepped(first: number, last: number, step: number): number[] {
  const made: number[] = [];
  for (let at = first; at <= last; at += Math.max(1, step)) made.push(at);
  return made;
}

/** The one that is nearest; of two as near the earlier. */
export function nearestOf(values: readonly number[], wanted: number): number {
  return values.reduce(
    (best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best),
    values[0] ?? wanted,
  );
}

/** The breaks a shift of this length has. */
export function breaksDue(shift: ProblemShift, length: number): ProblemBreak[] {
  return (shift.breaks ?? []).filter((one) => length >= (one.from_length ?? 0));
}

/** Names of which no two are the same: of those that are, each after the first has its number. */
export function apart(names: readonly string[]): string[] {
  const made: string[] = [];
  for (const name of names) {
    let told = name;
    for (let n = 2; made.includes(told); n += 1) told = `${name} ${n}`;
    made.push(told);
  }
  return made;
}

/** Minutes of the day at which a break may begin. */
export function breakStarts(rule: ProblemBreak, start: number): number[] {
  const step = rule.step ?? STEP;
  let first = start + rule.earliest;
  if (rule.clock_from !== undefined && first < rule.clock_from)
    first += Math.ceil((rule.clock_from - first) / step) * step;
  const last = Math.min(start + rule.latest, rule.clock_to ?? Number.POSITIVE_INFINITY);
  return stepped(first, last, step);
}

/** Paid minutes of a shift this long. */
export function worked(shift: ProblemShift | undefined, length: number): number {
  if (!shift) return length;
  return breaksDue(shift, length).reduce(
    (left, one) => (one.paid === false ? left - one.minutes : left),
    length,
  );
}
