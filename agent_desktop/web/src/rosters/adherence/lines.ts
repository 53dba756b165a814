/** Figures of adherence as pages show them: minutes away, by person and column. */

import type { AdherenceLine, AdherenceStretch } from "../../shared/schema";

/** Seconds in which somebody who was planned did not do as planned. */
export function awayOf(line: Pick<AdherenceLine, "scheduled_s" | "adhering_s">): number {
  return line.scheduled_s - line.adhering_s;
}

export interface Grid {
  people: string[];
  /** The begins of the columns, ms. */
  columns: number[];
  at: (person: string, column: number) => AdherenceLine | undefined;
  /** All of a column: minutes away of everybody. */
  sums: Map<number, { away_s: number; scheduled_s: number }>;
}

/** Lines as a grid: those people first who were away longest, columns without anybody planned left out. */
export function gridOf(lines: readonly AdherenceLine[], totals: readonly AdherenceLine[]): Grid {
  const cells = new Map<string, AdherenceLine>();
  const sums: Grid["sums"] = new Map();
  for (const one of lines) {
    cells.set(`${one.person} ${one.begin}`, one);
    if (!one.scheduled_s && !one.excused_s) continue;
    const sum = sums.get(one.begin) ?? { away_s: 0, scheduled_s: 0 };
    sum.away_s += awayOf(one);
    sum.scheduled_s += one.scheduled_s;
    sums.set(one.begin, sum);
  }
  const people = [...totals]
    .filter((one) => one.scheduled_s || one.excused_s)
    .sort((a, b) => awayOf(b) - awayOf(a) || (a.person < b.person ? -1 : 1))
    .map((one) => one.person);
  return {
    people,
    columns: [...sums.keys()].sort((a, b) => a - b),
    at: (person, column) => cells.get(`${person} ${column}`),
    sums,
  };
}

/** How strong a cell is, 0 to 1: minutes away of those planned, all of them being the most there is. */
export function strength(away_s: number, scheduled_s: number): number {
  if (away_s < 60 || scheduled_s <= 0) return 0;
  return Math.min(1, Math.sqrt(away_s / scheduled_s));
}

export type Deviation = Pick<AdherenceStretch, "begin" | "end" | "planned" | "actual">;

/** Where somebody did not do as planned for at least a minute, joined where nothing else lies between. */
export function deviations(stretches: readonly AdherenceStretch[], least_ms = 60_000): Deviation[] {
  const found: Deviation[] = [];
  for (const one of stretches) {
    if (one.excused || one.planned === one.actual) continue;
    const last = found.at(-1);
    if (last && last.end === one.begin && alike(last, one)) last.end = one.end;
    else found.push({ begin: one.begin, end: one.end, planned: one.planned, actual: one.actual });
  }
  return found.filter((one) => one.end - one.begin >= least_ms);
}

/** Who is not there misses breaks and calls alike, and who is there unplanned may well take a break. */
function alike(one: Deviation, other: Deviation): boolean {
  if (one.actual === "off" && other.actual === "off") return true;
  if (one.planned === "off" && other.planned === "off") return true;
  return one.planned === other.planned && one.actual === other.actual;
}

export interface Sum {
  scheduled_s: number;
  adhering_s: number;
  excused_s: number;
  /** Null: nothing was planned. */
  adherence: number | null;
}

export function sumOf(lines: readonly AdherenceLine[]): Sum {
  const sum = { scheduled_s: 0, adhering_s: 0, excused_s: 0 };
  for (const one of lines) {
    sum.scheduled_s += one.scheduled_s;
    sum.adhering_s += one.adhering_s;
    sum.excused_s += one.excused_s;
  }
  return { ...sum, adherence: sum.scheduled_s ? sum.adhering_s / sum.scheduled_s : null };
}
