/** Where a time axis has lines, and what stands there, by the clocks of the data's own zone. */

import type { View } from "./view";
import { DAY, dayText, HOUR, minuteText, weekday, type ZoneClock } from "./zone";

export interface Tick {
  at: number;
  label: string;
  /** A new day on an axis of hours, a new year on one of months: said more strongly. */
  strong: boolean;
}

/** Made once: a new one takes longer than all of a plot. */
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(locale: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${Object.entries(parts).join()}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
    formats.set(key, format);
  }
  return format;
}

const MINUTE = 60_000;
const STEPS = [5, 15, 30, 60, 120, 180, 360, 720].map((n) => n * MINUTE);
const MONTHS = [1, 3, 6, 12, 24, 60];

/** At most one tick per `room` ms of `view`. */
export function timeTicks(view: View, room: number, clock: ZoneClock, locale: string): Tick[] {
  const step = STEPS.find((one) => one >= room);
  if (step) return hours(view, step, clock, locale);
  for (const days of [1, 2, 7, 14]) if (days * DAY >= room) return daily(view, days, clock, locale);
  return monthly(view, MONTHS.find((months) => months * 28 * DAY >= room) ?? 120, clock, locale);
}

function hours(view: View, step: number, clock: ZoneClock, locale: string): Tick[] {
  const named = formatOf(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
  });
  const made: Tick[] = [];
  for (let wall = Math.ceil(clock.wall(view.from) / step) * step; wall <= clock.wall(view.to); wall += step) {
    const at = clock.moment(wall);
    if (at < view.from || at > view.to || clock.wall(at) !== wall) continue;
    const strong = wall % DAY === 0;
    made.push({ at, strong, label: strong ? named.format(wall) : minuteText((wall % DAY) / MINUTE) });
  }
  return made;
}

function daily(view: View, days: number, clock: ZoneClock, locale: string): Tick[] {
  const named = formatOf(locale, { day: "numeric", month: "short" });
  const made: Tick[] = [];
  const first = clock.day(view.from);
  for (let day = first; day <= clock.day(view.to); day++) {
    // Weeks begin on Monday; every second day is counted from the same one for ever, so that panning moves nothing.
    if (days >= 7 ? weekday(day) !== 0 || Math.floor((day + 3) / 7) % (days / 7) : day % days) continue;
    const at = clock.start(day);
    if (at < view.from || at > view.to) continue;
    made.push({ at, strong: days < 7 && weekday(day) === 0, label: named.format(day * DAY) });
  }
  return made;
}

function monthly(view: View, months: number, clock: ZoneClock, locale: string): Tick[] {
  const named = formatOf(locale, { month: "short" });
  const made: Tick[] = [];
  const [year = 1970, month = 1] = dayText(clock.day(view.from)).split("-").map(Number);
  let count = Math.ceil((year * 12 + month - 1) / months) * months;
  for (; ; count += months) {
    const day = Date.UTC(Math.floor(count / 12), count % 12, 1);
    const at = clock.start(day / DAY);
    if (at > view.to) return made;
    if (at < view.from) continue;
    const strong = count % 12 === 0;
    made.push({ at, strong, label: strong ? String(Math.floor(count / 12)) : named.format(day) });
  }
}

/** About how wide a label is drawn, in pixels: Chinese letters are twice as wide. */
function widthOf(label: string): number {
  return [...label].reduce((all, letter) => all + (letter > "\u00ff" ? 11 : 6.2), 0);
}

export interface Place {
  tick: Tick;
  x: number;
  anchor: "start" | "middle" | "end";
}

/** Where labels stand between `left` and `right` without covering each other; a day goes before an hour. */
export function placed(
  ticks: readonly Tick[],
  x: (at: number) => number,
  left: number,
  right: number,
): Place[] {
  const kept: (Place & { from: number; to: number })[] = [];
  for (const tick of ticks) {
    const at = x(tick.at);
    const half = widthOf(tick.label) / 2;
    const anchor = at - half < left ? "start" : at + half > right ? "end" : "middle";
    const from = anchor === "start" ? at : anchor === "end" ? at - 2 * half : at - half;
    const last = kept.at(-1);
    if (last && from < last.to + 6) {
      if (!tick.strong || last.tick.strong) continue;
      kept.pop();
    }
    kept.push({ tick, x: at, anchor, from, to: from + 2 * half });
  }
  return kept;
}

/** Short enough to be read, long enough to be clear: `Mon 3 Nov, 09:30`. */
export function momentText(at: number, clock: ZoneClock, locale: string, time: boolean): string {
  const wall = clock.wall(at);
  const day = formatOf(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(wall);
  return time ? `${day} ${minuteText(Math.floor((wall % DAY) / MINUTE))}` : day;
}

/** The days a plot shows: `Oct 28 – Nov 24, 2026`. */
export function viewText(view: View, clock: ZoneClock, locale: string): string {
  const format = formatOf(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  // The end is not shown itself.
  const text = format.formatRange(
    clock.wall(view.from),
    Math.max(clock.wall(view.from), clock.wall(view.to) - 1),
  );
  return text.replaceAll("\u2009", " ");
}

/** Nights are not joined to mornings: further apart than this, two points of a line are not one line. */
export const gapOf = (interval: number): number => interval * 1.5 + (interval >= DAY ? HOUR : 0);
