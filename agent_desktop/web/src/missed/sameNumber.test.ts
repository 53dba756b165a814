import { expect, it } from "vitest";
import { sameNumber } from "./sameNumber";

it("knows a number with and without its country, and no other", () => {
  expect(sameNumber("+8613800000002", "13800000002")).toBe(true);
  expect(sameNumber("0086 138-0000 0002", "+86 138 0000 0002")).toBe(true);
  expect(sameNumber("13800000002", "13800000003")).toBe(false);
  expect(sameNumber("95588", "95588")).toBe(true);
  expect(sameNumber("5588", "13800005588")).toBe(false);
  expect(sameNumber("", "")).toBe(false);
  expect(sameNumber("anonymous", "")).toBe(false);
});
