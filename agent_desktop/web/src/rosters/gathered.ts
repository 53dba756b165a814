/** What gets dearer with a request, told shortly: people missing interval after interval are one line. */

import { minuteText } from "../shared/plot/zone";
import type { RosterFinding } from "../shared/schema";

export interface Gathered {
  /** What the judge said, of a finding that stands by itself. */
  words: string;
  /** Of several intervals of a demand. */
  missing: { name: string; day: string; from: string; to: string; intervals: number } | null;
  cost: number;
  key: string;
}

/** Findings with those of a demand's day as one, the dearest first. */
export function gathered(findings: readonly RosterFinding[]): Gathered[] {
  const days = new Map<string, RosterFinding[]>();
  const found: Gathered[] = [];
  for (const one of findings) {
    if (one.rule === "demand" && one.day !== null && one.minute !== null) {
      const key = `${one.name} ${one.day}`;
      days.set(key, [...(days.get(key) ?? []), one]);
    } else found.push({ words: one.words, missing: null, cost: one.cost, key: `${one.words} ${one.person}` });
  }
  for (const [key, all] of days) {
    const [one] = all;
    if (!one) continue;
    const cost = all.reduce((sum, each) => sum + each.cost, 0);
    if (all.length === 1) {
      found.push({ words: one.words, missing: null, cost, key });
      continue;
    }
    const minutes = all.map((each) => each.minute ?? 0).sort((a, b) => a - b);
    const first = minutes[0] ?? 0;
    const last = minutes.at(-1) ?? 0;
    const step = Math.min(...minutes.slice(1).map((minute, n) => minute - (minutes[n] ?? 0)));
    found.push({
      words: "",
      missing: {
        name: one.name,
        day: one.day ?? "",
        from: minuteText(first),
        to: minuteText(last + step),
        intervals: all.length,
      },
      cost,
      key,
    });
  }
  return found.sort((a, b) => b.cost - a.cost);
}
