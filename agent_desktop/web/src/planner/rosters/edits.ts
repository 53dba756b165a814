/** Changes by hand as cells for the server, and back again. */

import type { RosterCell, RosterChange, RosterShift } from "../../shared/schema";
import { breakStarts, breaksDue, lengthsOf, nearestOf, type ProblemShift, startsOf } from "./problem";

export interface At {
  person: string;
  day: string;
}

export type Rostered = ReadonlyMap<string, RosterShift>;

export const keyOf = (person: string, day: string) => `${person}\u0000${day}`;

export function indexed(roster: readonly RosterShift[]): Rostered {
  return new Map(roster.map((one) => [keyOf(one.person, one.day), one]));
}

/** A roster with changes. */
export function applied(roster: Rostered, changes: readonly RosterChange[]): Rostered {
  const made = new Map(roster);
  for (const one of changes) {
    const key = keyOf(one.person, one.day);
    if (one.after) made.set(key, one.after);
    else made.delete(key);
  }
  return made;
}

/** The cells that undo changes: everything as it was, to the minute of a break. */
export function inverse(changes: readonly RosterChange[]): RosterCell[] {
  return changes.map((one) => (one.before ? { ...one.before } : free(one)));
}

export function free({ person, day }: At): RosterCell {
  return { person, day, shift: null };
}

/**
 * A shift put somewhere else: what is there comes back in exchange. With `copy` it stays where it was too, and
 * takes the place of what is there. Breaks go with it; activities are of their day, duties of their person.
 */
export function moved(from: RosterShift, to: At, there: RosterShift | undefined, copy = false): RosterCell[] {
  if (from.person === to.person && from.day === to.day) return [];
  if (copy) return [placed(from, to)];
  return [placed(from, to), there ? placed(there, from) : free(from)];
}

function placed(shift: RosterShift, to: At): RosterCell {
  const mine = shift.person === to.person;
  const today = shift.day === to.day;
  return {
    person: to.person,
    day: to.day,
    shift: shift.shift,
    start: shift.start,
    length: shift.length,
    breaks: shift.breaks,
    activities: mine && today ? shift.activities : [],
    duties: mine && today ? shift.duties : [],
  };
}

/** A shift that begins otherwise: as near as it may, its breaks with it. */
export function begun(one: RosterShift, shift: ProblemShift, start: number): RosterCell {
  const begin = nearestOf(startsOf(shift), start);
  return retimed(one, shift, begin, one.length);
}

/** A shift whose end is elsewhere: as near as it may. */
export function ended(one: RosterShift, shift: ProblemShift, end: number): RosterCell {
  return retimed(one, shift, one.start, nearestOf(lengthsOf(shift), end - one.start));
}

/** A shift whose beginning is elsewhere while its end stays, as near as both may be. */
export function begunEarlier(one: RosterShift, shift: ProblemShift, start: number): RosterCell {
  const begin = nearestOf(startsOf(shift), start);
  return retimed(one, shift, begin, nearestOf(lengthsOf(shift), one.start + one.length - begin));
}

/** Breaks move with the begin as far as their windows let them; where others are due, the server places them. */
export function retimed(one: RosterShift, shift: ProblemShift, start: number, length: number): RosterCell {
  const due = breaksDue(shift, length);
  const same = due.length === one.breaks.length && due.every((rule, n) => rule.name === one.breaks[n]?.name);
  const later = start - one.start;
  return {
    person: one.person,
    day: one.day,
    shift: one.shift,
    start,
    length,
    breaks: same
      ? one.breaks.map((block, n) => {
          const rule = due[n];
          const at = block.start + later;
          return { ...block, start: rule ? nearestOf(breakStarts(rule, start), at) : at };
        })
      : null,
    activities: one.activities,
    duties: one.duties,
  };
}

/** One break elsewhere, as near as its window lets it. */
export function broken(one: RosterShift, shift: ProblemShift, place: number, start: number): RosterCell {
  const rule = breaksDue(shift, one.length)[place];
  return {
    ...one,
    breaks: one.breaks.map((block, n) =>
      n === place
        ? { ...block, start: rule ? nearestOf(breakStarts(rule, one.start), start) : start }
        : block,
    ),
  };
}

/** Whether a cell is what is there already. */
export function isSame(cell: RosterCell, there: RosterShift | undefined): boolean {
  if (!there || !cell.shift) return !there && !cell.shift;
  return (
    cell.shift === there.shift &&
    cell.start === there.start &&
    cell.length === there.length &&
    JSON.stringify(cell.breaks) === JSON.stringify(there.breaks)
  );
}
