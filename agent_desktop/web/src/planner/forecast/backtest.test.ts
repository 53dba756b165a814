import { expect, it } from "vitest";
import type { BacktestLine, BacktestShown } from "../../shared/schema";
import { isBest, readHorizons, rowsOf } from "./backtest";

const line = (wape: number | null, coverage = 80): BacktestLine => ({
  interval_wape: { "1": wape, "5": wape },
  daily_wape: { "1": 3, "5": 4 },
  mase: { "1": 0.5, "5": null },
  coverage80: { "1": coverage, "5": coverage },
  daily_coverage80: { "1": coverage, "5": coverage },
  seconds_per_fit: 0.01,
});
const shown: BacktestShown = {
  id: 2,
  series: "bank",
  at: 0,
  by: "paul",
  horizons: [1, 5],
  origins: 20,
  first: "2026-10-06",
  last: "2026-11-04",
  models: { profile: line(6, 70), combination: line(4.6, 81), broken: line(null), poisson: line(5, 84) },
  auto: line(4.7),
  chosen: "combination+poisson",
  weights: { combination: 0.7, poisson: 0.3 },
  notes: [],
};

it("puts the automatic choice first, the models by their errors, what failed last", () => {
  const rows = rowsOf(shown);
  expect(rows.map((one) => one.model)).toEqual(["auto", "combination", "poisson", "profile", "broken"]);
  expect(rows.map((one) => one.weight)).toEqual([0, 0.7, 0.3, 0, 0]);
  expect(rowsOf({ ...shown, auto: null })[0]?.model).toBe("combination");
});

it("marks the best model of each column, of coverage the one nearest to what was promised", () => {
  const rows = rowsOf(shown);
  const best = (kind: "interval_wape" | "coverage80" | "mase", horizon: number) =>
    rows.filter((one) => isBest(rows, one, kind, horizon)).map((one) => one.model);
  expect(best("interval_wape", 1)).toEqual(["combination"]);
  expect(best("coverage80", 5)).toEqual(["broken"]);
  expect(best("mase", 5)).toEqual([]);
});

it("reads horizons, each once and in order", () => {
  expect(readHorizons("20, 1 5,5")).toEqual([1, 5, 20]);
  expect([readHorizons(""), readHorizons("0"), readHorizons("1.5"), readHorizons("1 2 3 4 5 6 7")]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
