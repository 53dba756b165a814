import { expect, it } from "vitest";
import { ago, clock, clockOr, moment, percent } from "./time";

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

it("names the year of a moment only when it is another one", () => {
  const day = (text: string) => new Date(text).getTime();
  const now = day("2026-11-24T12:00:00");
  expect(moment(day("2026-03-13T15:08:00"), "zh-CN", false, now)).not.toContain("2026");
  expect(moment(day("2025-11-24T09:52:00"), "zh-CN", false, now)).toContain("2025");
  expect(moment(null, "en")).toBe("–");
});

it("says how long ago in the unit people would use", () => {
  expect(ago(20_000, "en")).toBe("this minute");
  expect(ago(5 * 60_000, "en")).toBe("5 minutes ago");
  expect(ago(100 * 60_000, "zh-CN")).toContain("2");
  expect(ago(30 * 3600_000, "en")).toBe("yesterday");
});
