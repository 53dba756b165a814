import { expect, it } from "vitest";
import type { AdherenceLine, AdherenceStretch } from "../../shared/schema";
import { deviations, gridOf, strength, sumOf } from "./lines";

const line = (
  person: string,
  begin: number,
  scheduled_s: number,
  adhering_s: number,
  excused_s = 0,
): AdherenceLine => ({
  person,
  begin,
  scheduled_s,
  adhering_s,
  excused_s,
  worked_s: 0,
  to_work_s: 0,
  adherence: null,
  conformance: null,
});

it("puts those first who were away longest and leaves out when nobody was planned", () => {
  const lines = [
    line("ann", 0, 900, 900),
    line("bob", 0, 900, 300),
    line("bob", 900, 0, 0),
    line("cem", 1800, 0, 0, 900),
  ];
  const totals = [
    line("ann", 0, 900, 900),
    line("bob", 0, 900, 300),
    line("cem", 0, 0, 0, 900),
    line("dan", 0, 0, 0),
  ];
  const grid = gridOf(lines, totals);
  expect(grid.people).toEqual(["bob", "ann", "cem"]);
  expect(grid.columns).toEqual([0, 1800]);
  expect(grid.sums.get(0)).toEqual({ away_s: 600, scheduled_s: 1800 });
  expect(grid.at("bob", 0)?.adhering_s).toBe(300);
  expect(grid.at("ann", 900)).toBeUndefined();
});

it("is calm about seconds and strong about whole intervals", () => {
  expect(strength(59, 900)).toBe(0);
  expect(strength(900, 900)).toBe(1);
  expect(strength(100, 0)).toBe(0);
  expect(strength(225, 900)).toBe(0.5);
});

it("tells what differed for a minute or more, joined, without what is excused", () => {
  const M = 60_000;
  const stretch = (begin: number, end: number, planned: string, actual: string, excused = false) =>
    ({ person: "ann", begin: begin * M, end: end * M, planned, actual, excused }) as AdherenceStretch;
  const found = deviations([
    stretch(0, 10, "phone", "off"),
    stretch(10, 12, "break", "off"),
    stretch(12, 60, "phone", "phone"),
    stretch(60, 60.5, "break", "phone"),
    stretch(70, 90, "phone", "off", true),
    stretch(90, 95, "off", "phone"),
  ]);
  expect(found.map((one) => [one.begin / M, one.end / M, one.planned, one.actual])).toEqual([
    [0, 12, "phone", "off"],
    [90, 95, "off", "phone"],
  ]);
});

it("sums up", () => {
  expect(sumOf([line("a", 0, 100, 80), line("a", 1, 100, 100, 50)])).toEqual({
    scheduled_s: 200,
    adhering_s: 180,
    excused_s: 50,
    adherence: 0.9,
  });
  expect(sumOf([]).adherence).toBeNull();
});
