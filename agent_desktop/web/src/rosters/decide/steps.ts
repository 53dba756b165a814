/** Figures by the interval as steps, and where a request takes people that are needed. */

import type { RosterCover } from "../../shared/schema";

/** An SVG path of steps through values; `x` and `y` place an interval's begin and a value. */
export function steps(
  values: readonly number[],
  x: (n: number) => number,
  y: (value: number) => number,
): string {
  if (!values.length) return "";
  let path = `M${round(x(0))},${round(y(values[0] as number))}`;
  values.forEach((value, n) => {
    if (n && value !== values[n - 1]) path += `V${round(y(value))}`;
    path += `H${round(x(n + 1))}`;
  });
  return path;
}

/**
 * Stretches (first interval, the one after the last, the most that is missing) in which fewer people than needed
 * would be there, and fewer than now.
 */
export function lost(cover: Pick<RosterCover, "required" | "before" | "after">): [number, number, number][] {
  const found: [number, number, number][] = [];
  cover.required.forEach((required, n) => {
    const after = cover.after[n] ?? 0;
    if (after >= required || after >= (cover.before[n] ?? 0)) return;
    const last = found.at(-1);
    if (last && last[1] === n) {
      last[1] = n + 1;
      last[2] = Math.max(last[2], required - after);
    } else found.push([n, n + 1, required - after]);
  });
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
