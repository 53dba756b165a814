/** A planner's calendar with one thing of it changed; and daily figures as people paste them. */

import { dayNumber } from "../../shared/plot/zone";
import type { CalendarShown, DayRow, DriverRow, EventRow, PlannerCalendarBody } from "../../shared/schema";

/** What is sent back of what was shown. */
export function bodyOf(shown: CalendarShown): PlannerCalendarBody {
  const { name, country, hours, days, events, drivers } = shown;
  return { name, country, hours, days, events, drivers };
}

/** With a line of the table for a day, or without one. */
export function withDay(
  body: PlannerCalendarBody,
  day: string,
  row: Omit<DayRow, "day"> | null,
): PlannerCalendarBody {
  const rest = (body.days ?? []).filter((one) => one.day !== day);
  const days = row ? [...rest, { day, ...row }].sort((a, b) => (a.day < b.day ? -1 : 1)) : rest;
  return { ...body, days };
}

/** With the n-th of `events` another one, one more (`n` null), or one less (`event` null). */
export function withEvent(
  body: PlannerCalendarBody,
  n: number | null,
  event: EventRow | null,
): PlannerCalendarBody {
  const events = [...(body.events ?? [])];
  if (n === null) {
    if (event) events.push(event);
  } else events.splice(n, 1, ...(event ? [event] : []));
  return { ...body, events };
}

export function withDriver(
  body: PlannerCalendarBody,
  n: number | null,
  driver: DriverRow | null,
): PlannerCalendarBody {
  const drivers = [...(body.drivers ?? [])];
  if (n === null) {
    if (driver) drivers.push(driver);
  } else drivers.splice(n, 1, ...(driver ? [driver] : []));
  return { ...body, drivers };
}

/** `2026-12-01 12000` a line. */
export function driverText(values: DriverRow["values"]): string {
  return Object.entries(values ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, value]) => `${day} ${value}`)
    .join("\n");
}

export interface LineFault {
  line: number;
  text: string;
}

/** Days and figures as they come out of a spreadsheet: a day, then a figure, with a tab, comma, semicolon or space between. */
export function readDriver(text: string): { values: Record<string, number>; faults: LineFault[] } {
  const values: Record<string, number> = {};
  const faults: LineFault[] = [];
  text.split(/\r?\n/).forEach((one, n) => {
    if (!one.trim()) return;
    const found = /^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\s,;，；]+(-?[\d.,\s]+)\s*$/.exec(one);
    const two = (part: string | undefined) => (part ?? "").padStart(2, "0");
    const day = found ? `${found[1]}-${two(found[2])}-${two(found[3])}` : "";
    const value = found ? readNumber(found[4] ?? "") : Number.NaN;
    // 2026-02-30 is no day: it would come back as another.
    const exists =
      day !== "" && new Date(dayNumber(day) * 86_400_000 || Number.NaN).getUTCDate() === Number(found?.[3]);
    if (!exists || Number.isNaN(value) || day in values) faults.push({ line: n + 1, text: one.trim() });
    else values[day] = value;
  });
  return { values, faults };
}

/** `12,000` and `12 000` are twelve thousand, `12,5` and `12.5` twelve and a half. */
function readNumber(text: string): number {
  const plain = text.replace(/\s/g, "");
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(",", ""));
  return Number(plain.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
}
