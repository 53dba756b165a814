import { expect, it } from "vitest";
import { dayStart, daysOf, length, spanQuery } from "./span";

const NOW = new Date(2026, 2, 3, 15, 30);

it("knows the days people speak of", () => {
  expect(daysOf("today", NOW)).toEqual({ from: "2026-03-03", to: "2026-03-03" });
  expect(daysOf("yesterday", NOW)).toEqual({ from: "2026-03-02", to: "2026-03-02" });
  expect(daysOf("week", NOW)).toEqual({ from: "2026-02-25", to: "2026-03-03" });
  expect(daysOf("month", NOW)).toEqual({ from: "2026-03-01", to: "2026-03-03" });
});

it("counts and asks for whole days, the last one included", () => {
  expect(length({ from: "2026-03-01", to: "2026-03-01" })).toBe(1);
  expect(length({ from: "2026-02-25", to: "2026-03-03" })).toBe(7);
  const query = new URLSearchParams(spanQuery({ from: "2026-03-01", to: "2026-03-01" }));
  expect(query.get("from")).toBe(String(dayStart("2026-03-01")));
  expect(query.get("to")).toBe(String(dayStart("2026-03-02")));
});
