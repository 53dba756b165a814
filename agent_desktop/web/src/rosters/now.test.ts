import { expect, it } from "vitest";
import { ZoneClock } from "../shared/plot/zone";
import type { MyShift } from "../shared/schema";
import { momentOf, pieces, standing } from "./now";

const UTC = new ZoneClock("UTC");
const BERLIN = new ZoneClock("Europe/Berlin");
const HOUR = 3_600_000;
const shift = (day: number, more: Partial<MyShift> = {}): MyShift => ({
  day: `2026-12-0${day}`,
  group: "bank",
  version: 1,
  shift: "D",
  name: "Day",
  begin: day * 24 * HOUR + 9 * HOUR,
  end: day * 24 * HOUR + 17 * HOUR,
  start: 540,
  length: 480,
  worked: 450,
  breaks: [{ name: "meal", start: 720, minutes: 30 }],
  activities: [{ name: "talk", start: 840, minutes: 60 }],
  duties: [],
  ...more,
});
const at = (day: number, hour: number) => (day * 24 + hour) * HOUR;
const told = (one: MyShift) =>
  pieces(one, UTC).map((piece) => [
    piece.part,
    piece.name,
    (piece.begin - one.begin) / HOUR,
    (piece.end - one.begin) / HOUR,
  ]);

it("takes a shift apart without gaps", () => {
  expect(told(shift(1))).toEqual([
    ["phone", "", 0, 3],
    ["break", "meal", 3, 3.5],
    ["phone", "", 3.5, 5],
    ["activity", "talk", 5, 6],
    ["phone", "", 6, 8],
  ]);
});

it("lets breaks go before what else is told of the same time", () => {
  const busy = shift(1, { activities: [], duties: [{ name: "cards", start: 660, minutes: 120 }] });
  expect(told(busy)).toEqual([
    ["phone", "", 0, 2],
    ["duty", "cards", 2, 3],
    ["break", "meal", 3, 3.5],
    ["duty", "cards", 3.5, 4],
    ["phone", "", 4, 8],
  ]);
});

it("says what is on and what comes", () => {
  const shifts = [shift(1), shift(3)];
  const morning = standing(shifts, at(1, 10), UTC);
  expect([morning.now?.part, morning.pause?.name, morning.next?.day]).toEqual([
    "phone",
    "meal",
    "2026-12-03",
  ]);
  const meal = standing(shifts, at(1, 12.25), UTC);
  expect([meal.now?.name, meal.pause, meal.now?.end]).toEqual(["meal", null, at(1, 12.5)]);
  const night = standing(shifts, at(1, 17), UTC);
  expect([night.shift, night.now, night.next?.day]).toEqual([null, null, "2026-12-03"]);
  expect(standing(shifts, at(4, 0), UTC).next).toBeNull();
});

/** A night from 22:00 to 06:00 with a break at 04:00. */
const night = (day: string, begin: string, end: string) =>
  shift(1, {
    day,
    begin: Date.parse(begin),
    end: Date.parse(end),
    start: 1320,
    breaks: [{ name: "meal", start: 1440 + 240, minutes: 30 }],
    activities: [],
  });
const shown = (one: MyShift) =>
  pieces(one, BERLIN).map((piece) => [
    piece.part,
    new Date(piece.begin).toISOString().slice(11, 16),
    new Date(piece.end).toISOString().slice(11, 16),
  ]);

it("shows breaks when the clocks say so in nights in which they are changed", () => {
  const back = night("2026-10-24", "2026-10-24T20:00Z", "2026-10-25T05:00Z");
  expect(shown(back)).toEqual([
    ["phone", "20:00", "03:00"],
    ["break", "03:00", "03:30"],
    ["phone", "03:30", "05:00"],
  ]);
  const forward = night("2026-03-28", "2026-03-28T21:00Z", "2026-03-29T04:00Z");
  expect(shown(forward)).toEqual([
    ["phone", "21:00", "02:00"],
    ["break", "02:00", "02:30"],
    ["phone", "02:30", "04:00"],
  ]);
  expect(standing([back], Date.parse("2026-10-25T03:10Z"), BERLIN).now?.name).toBe("meal");
});

it("takes a shift of another zone from its begin", () => {
  const far = shift(1, { day: "2026-12-01", begin: Date.parse("2026-12-01T01:00Z") });
  expect(momentOf(far, 720, BERLIN)).toBe(Date.parse("2026-12-01T04:00Z"));
});
