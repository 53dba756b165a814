import { expect, it } from "vitest";
import type { MyShift } from "../shared/schema";
import { pieces, standing } from "./now";

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
  pieces(one).map((piece) => [
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
  const morning = standing(shifts, at(1, 10));
  expect([morning.now?.part, morning.pause?.name, morning.next?.day]).toEqual([
    "phone",
    "meal",
    "2026-12-03",
  ]);
  const meal = standing(shifts, at(1, 12.25));
  expect([meal.now?.name, meal.pause, meal.now?.end]).toEqual(["meal", null, at(1, 12.5)]);
  const night = standing(shifts, at(1, 17));
  expect([night.shift, night.now, night.next?.day]).toEqual([null, null, "2026-12-03"]);
  expect(standing(shifts, at(4, 0)).next).toBeNull();
});
