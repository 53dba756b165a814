import { expect, it } from "vitest";
import { historyQuery } from "./query";

it("asks for nothing that was not filled in", () => {
  expect(historyQuery("  ", "", "")).toBe("limit=200");
});

it("includes the whole last day", () => {
  const query = new URLSearchParams(historyQuery("138", "2026-10-01", "2026-10-01"));
  expect(query.get("q")).toBe("138");
  expect(Number(query.get("to")) - Number(query.get("from"))).toBe(24 * 3600 * 1000);
});
