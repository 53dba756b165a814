import { expect, it } from "vitest";
import { readView, writeView } from "./address";
import { HOUR, ZoneClock } from "./zone";

const CLOCK = new ZoneClock("Asia/Shanghai");

it("comes back from the address as it went in, to the minute", () => {
  const view = { from: Date.parse("2026-10-01T00:00:20Z"), to: Date.parse("2026-10-08T13:00:00Z") };
  const text = writeView(view, CLOCK);
  expect(text).toBe("2026-10-01T08:00~2026-10-08T21:00");
  expect(readView(text, CLOCK)).toEqual({ from: view.from - 20_000, to: view.to });
  for (let n = 0; n < 48; n++) {
    const one = { from: view.to + n * HOUR, to: view.to + (n + 1) * HOUR };
    expect(readView(writeView(one, CLOCK), CLOCK)).toEqual(one);
  }
});

it("leaves alone what is no stretch of time", () => {
  for (const text of [
    "",
    "2026-10-01",
    "2026-10-08T21:00~2026-10-01T08:00",
    "a~b",
    "2026-13-99T10:00~2027-01-01T00:00",
  ])
    expect(readView(text, CLOCK)).toBeNull();
});
