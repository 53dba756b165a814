import { expect, it } from "vitest";
import { daysFrom, hoursOf, isDay, monthAfter, monthOf, sameDay, toneOf, weekOf, weekWords } from "./days";

it("knows a day's week and month, Monday first", () => {
  expect(weekOf("2026-12-06")).toEqual([
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-05",
    "2026-12-06",
  ]);
  const december = monthOf("2026-12-31");
  expect([december.length, december[0]?.[0], december.at(-1)?.[6]]).toEqual([5, "2026-11-30", "2027-01-03"]);
  // A February that begins on a Monday has four weeks only.
  expect(monthOf("2027-02-10").map((week) => week[0])).toEqual([
    "2027-02-01",
    "2027-02-08",
    "2027-02-15",
    "2027-02-22",
  ]);
});

it("names a week", () => {
  expect(weekWords("2026-11-23", "2026-11-29", "en")).toBe("Nov 23 – 29");
  expect(weekWords("2026-11-30", "2026-12-06", "zh-CN")).toBe("11/30 – 12/6");
});

it("goes from month to month, at the end of the year and of short months", () => {
  expect(monthAfter("2026-12-15")).toBe("2027-01-01");
  expect(sameDay("2026-12-31", 2)).toBe("2027-02-28");
  expect(sameDay("2026-12-15", -12)).toBe("2025-12-15");
});

it("lists days from one to another", () => {
  expect(daysFrom("2026-12-30", "2027-01-01")).toEqual(["2026-12-30", "2026-12-31", "2027-01-01"]);
  expect(daysFrom("2026-12-02", "2026-12-01")).toEqual([]);
  expect([isDay("2026-12-02"), isDay("2026-2"), isDay(null)]).toEqual([true, false, false]);
});

it("tells hours, and when they end on the day after", () => {
  expect(hoursOf(420, 510)).toBe("07:00–15:30");
  expect(hoursOf(960, 480)).toBe("16:00–24:00");
  expect(hoursOf(1320, 480)).toBe("22:00–06:00⁺¹");
});

it("tells shifts apart by when they begin", () => {
  expect([360, 480, 540, 780, 1320, 1500].map(toneOf)).toEqual([
    "early",
    "day",
    "day",
    "late",
    "night",
    "night",
  ]);
});
