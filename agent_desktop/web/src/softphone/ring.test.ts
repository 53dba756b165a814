import { expect, it } from "vitest";
import { RING_S, ringSamples } from "./ring";

const loudest = (samples: Float32Array) => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

it("is as long as it says, heard, and never clips", () => {
  const samples = ringSamples(8000);
  expect(samples.length).toBe(RING_S * 8000);
  expect(loudest(samples)).toBeGreaterThan(0.2);
  expect(loudest(samples)).toBeLessThanOrEqual(1);
});

it("starts and ends in quiet, so that repeating it does not click", () => {
  const samples = ringSamples(8000);
  expect(Math.abs(samples[0] ?? 1)).toBe(0);
  expect(loudest(samples.slice(-400))).toBeLessThan(0.01);
});
