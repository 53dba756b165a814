import { expect, it } from "vitest";
import { backoff_ms } from "./backoff";

it("starts short, grows, and never waits longer than ten seconds", () => {
  expect(backoff_ms(0, 1)).toBe(500);
  expect(backoff_ms(3, 1)).toBe(4000);
  for (let n = 0; n < 50; n++) expect(backoff_ms(n, 1)).toBeLessThanOrEqual(10_000);
});

it("spreads many pages over half the wait, so they do not all come at once", () => {
  expect(backoff_ms(2, 0)).toBe(1000);
  expect(backoff_ms(2, 0.5)).toBe(1500);
});
