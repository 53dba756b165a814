/** What somebody is doing by their roster: now, until when, and what comes then. */

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

/** A shift from its begin to its end without gaps; breaks go before activities, these before duties. */
export function pieces(
  shift: Pick<MyShift, "begin" | "start" | "length" | "breaks" | "activities" | "duties">,
): Piece[] {
  const at = (minute: number) => shift.begin + (minute - shift.start) * MINUTE;
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
export function standing(shifts: readonly MyShift[], at: number): Standing {
  const shift = shifts.find((one) => one.begin <= at && at < one.end) ?? null;
  const all = shift ? pieces(shift) : [];
  return {
    shift,
    now: all.find((one) => one.begin <= at && at < one.end) ?? null,
    pause: all.find((one) => one.part === "break" && one.begin > at) ?? null,
    next: shifts.find((one) => one.begin > at) ?? null,
  };
}
