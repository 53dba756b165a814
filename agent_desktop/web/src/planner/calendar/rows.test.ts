import { expect, it } from "vitest";
import type { PlannerCalendarBody } from "../../shared/schema";
import { driverText, readDriver, withDay, withDriver, withEvent } from "./rows";

const EMPTY: PlannerCalendarBody = {
  name: "Bank",
  country: "CN",
  hours: {},
  days: [],
  events: [],
  drivers: [],
};

it("keeps one line a day, in order, and takes it away again", () => {
  const one = withDay(EMPTY, "2026-12-24", { kind: "closed", name: "Move", hours: [] });
  const two = withDay(one, "2026-10-01", { kind: "holiday", name: "", hours: [] });
  const again = withDay(two, "2026-12-24", { kind: "make_up", name: "", hours: ["09:00-12:00"] });
  expect(again.days?.map((row) => [row.day, row.kind])).toEqual([
    ["2026-10-01", "holiday"],
    ["2026-12-24", "make_up"],
  ]);
  expect(withDay(again, "2026-10-01", null).days?.length).toBe(1);
  expect(EMPTY.days).toEqual([]);
});

it("adds, changes and takes away events and drivers", () => {
  const event = {
    name: "Campaign",
    first: "2026-12-01",
    last: "2026-12-07",
    size: 1,
    effect_percent: 12,
    series: [],
  };
  const one = withEvent(EMPTY, null, event);
  expect(withEvent(one, 0, { ...event, effect_percent: 20 }).events?.[0]?.effect_percent).toBe(20);
  expect(withEvent(one, 0, null).events).toEqual([]);
  expect(withDriver(withDriver(EMPTY, null, { name: "letters", values: {} }), 0, null).drivers).toEqual([]);
});

it("reads what people paste, and says which lines it cannot read", () => {
  const { values, faults } = readDriver(
    "2026-12-01\t12000\n2026/12/2, 12,000\n2026年12月3日 8,5\n\n2026-12-04;-3.5\n2026-02-30 5\ntomorrow 5\n2026-12-01 7\n2026-12-05 lots",
  );
  expect(values).toEqual({
    "2026-12-01": 12_000,
    "2026-12-02": 12_000,
    "2026-12-03": 8.5,
    "2026-12-04": -3.5,
  });
  expect(faults.map((one) => one.line)).toEqual([6, 7, 8, 9]);
  expect(readDriver(driverText(values)).values).toEqual(values);
});
