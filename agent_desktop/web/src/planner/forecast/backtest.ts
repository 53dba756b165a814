/** A backtest as a table: the models by how far off they were, the best figure of each column marked. */

import type { BacktestLine, BacktestShown } from "../../shared/schema";

export const KINDS = ["interval_wape", "daily_wape", "mase", "coverage80"] as const;
export type Kind = (typeof KINDS)[number];

export interface BacktestRow {
  model: string;
  line: BacktestLine;
  /** Its part in the next forecast, 0 to 1. */
  weight: number;
}

/** The automatic choice first, then the models by the mean of their errors over all horizons. */
export function rowsOf(shown: BacktestShown): BacktestRow[] {
  const error = ({ line }: BacktestRow) => {
    const found = shown.horizons.map((h) => line.interval_wape[String(h)] ?? Number.POSITIVE_INFINITY);
    return found.reduce((all, one) => all + one, 0) / Math.max(1, found.length);
  };
  const rows = Object.entries(shown.models)
    .map(([model, line]) => ({ model, line, weight: shown.weights[model] ?? 0 }))
    .sort((a, b) => error(a) - error(b) || a.model.localeCompare(b.model));
  return shown.auto ? [{ model: "auto", line: shown.auto, weight: 0 }, ...rows] : rows;
}

/** Whether no model has a better figure there; of coverage the best is nearest to 80. */
export function isBest(rows: readonly BacktestRow[], row: BacktestRow, kind: Kind, horizon: number): boolean {
  const off = (one: BacktestRow) => {
    const value = one.line[kind][String(horizon)];
    if (value === null || value === undefined) return Number.POSITIVE_INFINITY;
    return kind === "coverage80" ? Math.abs(value - 80) : value;
  };
  const models = rows.filter((one) => one.model !== "auto");
  return row.model !== "auto" && Number.isFinite(off(row)) && models.every((one) => off(row) <= off(one));
}

/** Horizons as people write them: whole days from 1 to 92, six at the most; null for anything else. */
export function readHorizons(text: string): number[] | null {
  const found = text
    .split(/[\s,;，、]+/)
    .filter(Boolean)
    .map(Number);
  const fits = found.every((one) => Number.isInteger(one) && one >= 1 && one <= 92);
  return found.length && found.length <= 6 && fits ? [...new Set(found)].sort((a, b) => a - b) : null;
}
