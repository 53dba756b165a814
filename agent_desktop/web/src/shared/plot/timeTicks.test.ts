import { expect, it } from "vitest";
import { momentText, placed, timeTicks, viewText } from "./timeTicks";
import { DAY, HOUR, ZoneClock } from "./zone";

const CLOCK = new ZoneClock("Europe/Berlin");
const at = (text: string) => Date.parse(text);
const said = (from: string, to: string, room: number) =>
  timeTicks({ from: at(from), to: at(to) }, room, CLOCK, "en-GB").map((one) => one.label);

it("says hours by the wall clock of the data, and the day where one begins", () => {
  expect(said("2026-07-01T20:30:00Z", "2026-07-02T02:10:00Z", 2 * HOUR)).toEqual([
    "Thu 2 Jul",
    "02:00",
    "04:00",
  ]);
});

it("has no tick for an hour that never comes, and goes on after it", () => {
  expect(said("2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", HOUR)).toEqual([
    "01:00",
    "03:00",
    "04:00",
    "05:00",
  ]);
});

it("says days, weeks and months as they take less and less room", () => {
  expect(said("2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z", DAY)).toEqual([
    "2 Nov",
    "3 Nov",
    "4 Nov",
    "5 Nov",
  ]);
  expect(said("2026-11-01T00:00:00Z", "2026-11-25T00:00:00Z", 5 * DAY)).toEqual([
    "2 Nov",
    "9 Nov",
    "16 Nov",
    "23 Nov",
  ]);
  expect(said("2025-11-15T00:00:00Z", "2026-03-15T00:00:00Z", 20 * DAY)).toEqual([
    "Dec",
    "2026",
    "Feb",
    "Mar",
  ]);
  expect(said("2020-01-15T00:00:00Z", "2026-03-15T00:00:00Z", 300 * DAY)).toEqual([
    "2021",
    "2022",
    "2023",
    "2024",
    "2025",
    "2026",
  ]);
});

it("keeps its ticks apart whatever is shown, also over a change of clocks", () => {
  for (let wide = HOUR; wide < 3000 * DAY; wide *= 1.7) {
    const from = at("2026-03-28T12:20:00Z") - wide / 2;
    const made = timeTicks({ from, to: from + wide }, wide / 12, CLOCK, "zh-CN");
    expect(made.length).toBeLessThanOrEqual(14);
    made.slice(1).forEach((one, n) => {
      expect(one.at).toBeGreaterThan(made[n]?.at ?? 0);
    });
  }
});

it("lets no label cover another, and drops an hour rather than a day", () => {
  const tick = (at: number, label: string, strong = false) => ({ at, label, strong });
  const shown = (...ticks: ReturnType<typeof tick>[]) =>
    placed(ticks, (at) => at, 0, 300).map((one) => [one.tick.label, one.anchor]);
  expect(shown(tick(2, "Mon, Nov 30", true), tick(60, "12:00"), tick(150, "Tue, Dec 1", true))).toEqual([
    ["Mon, Nov 30", "start"],
    ["Tue, Dec 1", "middle"],
  ]);
  expect(shown(tick(120, "12:00"), tick(160, "11月30日周一", true), tick(298, "12:00"))).toEqual([
    ["11月30日周一", "middle"],
    ["12:00", "end"],
  ]);
});

it("says which days are shown, the last one not twice", () => {
  const view = { from: at("2026-10-27T23:00:00Z"), to: at("2026-11-24T23:00:00Z") };
  expect(viewText(view, CLOCK, "en")).toBe("Oct 28 – Nov 24, 2026");
  expect(viewText({ from: view.from, to: view.from + DAY }, CLOCK, "zh-CN")).toBe("2026年10月28日");
});

it("says a moment with its day, and the time where it matters", () => {
  expect(momentText(at("2026-11-03T08:30:00Z"), CLOCK, "en-GB", true)).toMatch(/^Tue,? 3 Nov 2026 09:30$/);
  expect(momentText(at("2026-11-03T08:30:00Z"), CLOCK, "zh-CN", false)).toBe("2026年11月3日周二");
});
