/** What publishing a draft would change. */

import type { RosterChange, RosterVersionShown } from "../../shared/schema";

/** `days`: what agents see; `problem`: only what the roster is judged by; `first`: nothing is published yet. */
export type Publishing = "days" | "problem" | "first" | "nothing";

/** The version in force of the period that begins on a day; null: none. */
export function inForce(versions: readonly RosterVersionShown[], start: string): RosterVersionShown | null {
  return versions.find((one) => one.current && one.start === start) ?? null;
}

/** `problem` and `published` are the problems of the draft and of the version in force (null: none is). */
export function publishing(
  changes: readonly RosterChange[],
  problem: unknown,
  published: unknown | null,
): Publishing {
  if (changes.length) return "days";
  if (published === null) return "first";
  return written(problem) === written(published) ? "nothing" : "problem";
}

/** A problem as text, whatever the order its parts came in. */
function written(problem: unknown): string {
  return JSON.stringify(problem, (_, value: unknown) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
