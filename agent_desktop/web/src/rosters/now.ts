/** What somebody is doing by their roster: now, until when, and what comes then. */

import { DAY, dayNumber, type ZoneClock } from "../shared/plot/zone";
import type { MyShift } from "../shared/schema";

export type Part = "phone" | "break" | "activity" | "duty";

export interface Piece {
  part: Part;
  /** Of a break, an activity or a duty. */
  name: string;
  /** Moments in ms. */
  begin: number;
  end: number;
}

const MINUTE = 60_000;

type Placed = Pick<MyShift, "day" | "begin" | "start">;

/**
 * The moment (ms) at which the clocks show a minute of a shift's day. Minutes are those of the wall: in a night in
 * which clocks are changed they are not those that pass.
 */
export function momentOf(shift: Placed, minute: number, clock: ZoneClock): number {
  const start = dayNumber(shift.day) * DAY + shift.start * MINUTE;
  // A shift of another zone: its clocks are not known here, only when it begins.
  const wall = clock.moment(start) === shift.begin ? start : clock.wall(shift.begin);
  return clock.moment(wall + (minute - shift.start) * MINUTE);
}

/** A shift from its begin to its end without gaps; breaks go before activities, these before duties. */
export function pieces(
  shift: Placed & Pick<MyShift, "length" | "breaks" | "activities" | "duties">,
  clock: ZoneClock,
): Piece[] {
  const at = (minute: number) => momentOf(shift, minute, clock);
  const end = at(shift.start + shift.length);
  const told: Piece[] = [
    ...shift.breaks.map((one) => ({ part: "break" as const, ...one })),
    ...shift.activities.map((one) => ({ part: "activity" as const, ...one })),
    ...shift.duties.map((one) => ({ part: "duty" as const, ...one })),
  ].map((one) => ({
    part: one.part,
    name: one.name,
    begin: Math.max(shift.begin, at(one.start)),
    end: Math.min(end, at(one.start + one.minutes)),
  }));
  const edges = [...new Set([shift.begin, end, ...told.flatMap((one) => [one.begin, one.end])])].sort(
    (a, b) => a - b,
  );
  const made: Piece[] = [];
  edges.slice(0, -1).forEach((begin, n) => {
    const until = edges[n + 1] as number;
    const found = told.find((one) => one.begin <= begin && until <= one.end);
    const piece = { part: found?.part ?? "phone", name: found?.name ?? "", begin, end: until } as Piece;
    const last = made.at(-1);
    if (last && last.part === piece.part && last.name === piece.name) last.end = until;
    else made.push(piece);
  });
  return made;
}

export interface Standing {
  /** The shift that is on; null: off. */
  shift: MyShift | null;
  /** What is on in it. */
  now: Piece | null;
  /** The next break of it. */
  pause: Piece | null;
  /** The shift to come. */
  next: MyShift | null;
}

/** How things stand at a moment (ms); `shifts` by their begin. */
export function standing(shifts: readonly MyShift[], at: number, clock: ZoneClock): Standing {
  const shift = shifts.find((one) => one.begin <= at && at < one.end) ?? null;
  const all = shift ? pieces(shift, clock) : [];
  return {
    shift,
    now: all.find((one) => one.begin <= at && at < one.end) ?? null,
    pause: all.find((one) => one.part === "break" && one.begin > at) ?? null,
    next: shifts.find((one) => one.begin > at) ?? null,
  };
}
