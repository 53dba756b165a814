import { expect, it } from "vitest";
import { dayStart } from "../shared/span";
import { filtersSet, historyQuery } from "./query";

const query = (text: string, before = "") =>
  new URLSearchParams(historyQuery(new URLSearchParams(text), 200, before));

it("asks for nothing that was not filled in", () => {
  expect(query("q=++&from=&wait=0&direction=sideways").toString()).toBe("limit=200");
});

it("includes the whole last day", () => {
  const asked = query("q=138&from=2026-10-01&to=2026-10-01");
  expect(asked.get("q")).toBe("138");
  expect(Number(asked.get("to")) - Number(asked.get("from"))).toBe(24 * 3600 * 1000);
  expect(Number(asked.get("from"))).toBe(dayStart("2026-10-01"));
});

it("passes every value of a filter on, and where to go on", () => {
  const asked = query("queue=a&queue=b&outcome=lost&direction=out&wait=30", "c9");
  expect(asked.getAll("queue")).toEqual(["a", "b"]);
  expect([asked.get("min_wait_s"), asked.get("direction"), asked.get("before")]).toEqual(["30", "out", "c9"]);
});

it("counts the filters that are not in sight", () => {
  expect(filtersSet(new URLSearchParams("q=x&from=2026-10-01"))).toBe(0);
  expect(filtersSet(new URLSearchParams("queue=a&queue=b&wait=9&tier=t"))).toBe(3);
});
