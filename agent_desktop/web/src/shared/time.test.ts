import { expect, it } from "vitest";
import { clock, clockOr, percent } from "./time";

it("writes seconds as people read a timer", () => {
  expect(clock(0)).toBe("0:00");
  expect(clock(65.9)).toBe("1:05");
  expect(clock(3661)).toBe("1:01:01");
  expect(clock(-3)).toBe("0:00");
});

it("writes a dash where there is no number", () => {
  expect(clockOr(null)).toBe("–");
  expect(percent(null)).toBe("–");
  expect(percent(0.876)).toBe("88%");
});
