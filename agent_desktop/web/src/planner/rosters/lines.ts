/** Findings told shortly: people missing, or too many, interval after interval are one line. */

import { minuteText } from "../../shared/plot/zone";
import type { RosterFinding } from "../../shared/schema";

export interface Line {
  key: string;
  cost: number;
  /** The finding, or the first of several. */
  finding: RosterFinding;
  /** Of several intervals in a row: the hours, and how many people at the most are missing (or too many). */
  stretch: { from: string; to: string; people: number } | null;
}

/** One line each, or one for intervals that follow each other; the dearest first. `minutes` is an interval. */
export function linesOf(findings: readonly RosterFinding[], minutes: number): Line[] {
  const lines: Line[] = [];
  const intervals = new Map<string, RosterFinding[]>();
  for (const one of findings) {
    if (one.rule !== "demand" || one.day === null || one.minute === null) {
      lines.push({
        key: `${one.rule} ${one.words} ${one.person} ${one.day} ${lines.length}`,
        cost: one.cost,
        finding: one,
        stretch: null,
      });
      continue;
    }
    const key = `${one.name} ${one.day} ${one.amount < 0 ? "short" : "beyond"}`;
    intervals.set(key, [...(intervals.get(key) ?? []), one]);
  }
  for (const [key, found] of intervals) {
    found.sort((a, b) => (a.minute ?? 0) - (b.minute ?? 0));
    let run: RosterFinding[] = [];
    const close = () => {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) return;
      lines.push({
        key: `${key} ${first.minute}`,
        cost: run.reduce((sum, one) => sum + one.cost, 0),
        finding: first,
        stretch: {
          from: minuteText(first.minute ?? 0),
          to: minuteText((last.minute ?? 0) + minutes),
          people: Math.max(...run.map((one) => Math.abs(one.amount))),
        },
      });
      run = [];
    };
    for (const one of found) {
      const last = run.at(-1);
      if (last && (one.minute ?? 0) > (last.minute ?? 0) + minutes) close();
      run.push(one);
    }
    close();
  }
  return lines.sort((a, b) => b.cost - a.cost);
}
