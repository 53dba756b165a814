import { expect, it } from "vitest";
import type { QueueInterval } from "../shared/schema";
import { barLabel, summed } from "./intervals";

const row = (queue: string, local: string, answered: number) =>
  ({
    queue,
    local,
    offered: answered + 1,
    answered,
    abandoned: 1,
    answered_in_target: answered,
    abandoned_in_target: 0,
    short_abandoned: 0,
  }) as QueueInterval;

it("adds queues up by their own clocks, and leaves no hole in the time", () => {
  const rows = summed(
    [
      row("a", "2026-10-01 09:00:00+08:00", 3),
      row("b", "2026-10-01 09:00:00+01:00", 2),
      row("a", "2026-10-01 10:30:00+08:00", 1),
    ],
    "30",
  );
  expect(rows.map((one) => [one.local.slice(11), one.answered, one.offered])).toEqual([
    ["09:00", 5, 7],
    ["09:30", 0, 0],
    ["10:00", 0, 0],
    ["10:30", 1, 2],
  ]);
});

it("goes from day to day, over the end of a month", () => {
  const days = [row("a", "2026-02-27 00:00:00+08:00", 1), row("a", "2026-03-02 00:00:00+08:00", 1)];
  const rows = summed(days, "day");
  expect(rows.map((one) => barLabel(one.local, "day", 4))).toEqual(["02-27", "02-28", "03-01", "03-02"]);
  expect(summed([], "day")).toEqual([]);
});

it("names the day where there are several", () => {
  expect(barLabel("2026-10-01 09:30", "30", 1)).toBe("09:30");
  expect(barLabel("2026-10-01 09:00", "60", 2)).toBe("10-01 09:00");
});
