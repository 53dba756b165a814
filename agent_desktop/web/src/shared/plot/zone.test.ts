import { expect, it } from "vitest";
import { DAY, dayNumber, dayText, HOUR, minuteText, weekday, ZoneClock } from "./zone";

const BERLIN = new ZoneClock("Europe/Berlin");
const at = (text: string) => Date.parse(text);

it("knows what the wall shows, the days on which clocks are changed included", () => {
  expect(BERLIN.offset(at("2026-01-15T12:00:00Z"))).toBe(HOUR);
  expect(BERLIN.offset(at("2026-03-29T00:59:00Z"))).toBe(HOUR);
  expect(BERLIN.offset(at("2026-03-29T01:00:00Z"))).toBe(2 * HOUR);
  expect(BERLIN.offset(at("2026-10-25T00:59:00Z"))).toBe(2 * HOUR);
  expect(BERLIN.offset(at("2026-10-25T01:00:00Z"))).toBe(HOUR);
  expect(minuteText(BERLIN.minute(at("2026-07-01T06:15:00Z")))).toBe("08:15");
  expect(dayText(BERLIN.day(at("2026-07-01T22:30:00Z")))).toBe("2026-07-02");
});

it("comes back from the wall to the moment: the first of two, the next where there is none", () => {
  const wall = (text: string) => Date.parse(`${text}Z`);
  expect(BERLIN.moment(wall("2026-10-25T02:30:00"))).toBe(at("2026-10-25T00:30:00Z"));
  expect(BERLIN.moment(wall("2026-03-29T02:30:00"))).toBe(at("2026-03-29T01:30:00Z"));
  const shanghai = new ZoneClock("Asia/Shanghai");
  for (const zone of [BERLIN, shanghai, new ZoneClock("America/St_Johns")])
    for (let day = dayNumber("2026-01-01"); day < dayNumber("2027-01-01"); day++) {
      expect(zone.day(zone.start(day))).toBe(day);
      expect(zone.day(zone.start(day) - 1)).toBe(day - 1);
    }
});

it("places a quarter of an hour each of five months without asking the calendar for each", () => {
  const clock = new ZoneClock("Europe/Berlin");
  const from = at("2026-01-01T00:00:00Z");
  const days = new Set<number>();
  for (let n = 0; n < 15_000; n++) days.add(clock.day(from + n * 15 * 60_000));
  expect(days.size).toBe(157);
});

it("writes and reads days, and begins the week on Monday", () => {
  expect(dayText(dayNumber("2026-10-01"))).toBe("2026-10-01");
  expect(dayNumber("1.10.2026")).toBeNaN();
  expect(["2026-11-23", "2026-11-29", "1969-12-29"].map((one) => weekday(dayNumber(one)))).toEqual([0, 6, 0]);
  expect(dayNumber("2026-10-01") * DAY).toBe(at("2026-10-01T00:00:00Z"));
  expect(() => new ZoneClock("Mars/Olympus")).toThrow(RangeError);
});
