/** Days and times of a roster. Days are local dates of its zone, written `2026-12-01`; minutes from 00:00. */

import { addDays } from "../shared/format";
import { DAY, dayNumber, dayText, minuteText, weekday } from "../shared/plot/zone";

const A_DAY = 24 * 60;

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  return addDays(day, -weekday(dayNumber(day)));
}

/** A day's week, Monday first. */
export function weekOf(day: string): string[] {
  const monday = mondayOf(day);
  return Array.from({ length: 7 }, (_, n) => addDays(monday, n));
}

/** `Nov 23 – 29`. */
export function weekWords(first: string, last: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
  // Thin spaces of some locales look like none at all.
  return format.formatRange(dayNumber(first) * DAY, dayNumber(last) * DAY).replaceAll("\u2009", " ");
}

/** The weeks that meet the month of a day, each Monday first. */
export function monthOf(day: string): string[][] {
  const first = `${day.slice(0, 7)}-01`;
  const weeks: string[][] = [];
  for (let monday = mondayOf(first); monday < monthAfter(first); monday = addDays(monday, 7))
    weeks.push(weekOf(monday));
  return weeks;
}

/** The first day of the month `months` after that of a day. */
export function monthAfter(day: string, months = 1): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The same day of the month `months` away, or its last one. */
export function sameDay(day: string, months: number): string {
  const first = monthAfter(day, months);
  const last = addDays(monthAfter(first), -1);
  const wanted = `${first.slice(0, 8)}${day.slice(8)}`;
  return wanted < last ? wanted : last;
}

/** Every day from the first to the last. */
export function daysFrom(first: string, last: string): string[] {
  const days = dayNumber(last) - dayNumber(first) + 1;
  return days > 0 ? Array.from({ length: days }, (_, n) => addDays(first, n)) : [];
}

export function isDay(text: string | null): text is string {
  return text !== null && !Number.isNaN(dayNumber(text));
}

/** The day a wall clock (a moment as if the wall were UTC) is on. */
export function dayOfWall(wall: number): string {
  return dayText(Math.floor(wall / DAY));
}

/** A minute of a day as a time of day, whichever day it falls on. */
export function timeOf(minute: number): string {
  return minuteText(((minute % A_DAY) + A_DAY) % A_DAY);
}

/** `22:00–06:00⁺¹`: what ends on the day after is told so. */
export function hoursOf(start: number, length: number): string {
  const end = start + length;
  const after = Math.floor((end - (end % A_DAY === 0 ? 1 : 0)) / A_DAY);
  const till = end % A_DAY === 0 && end > 0 ? "24:00" : timeOf(end);
  return `${timeOf(start)}–${till}${after > 0 ? "⁺¹" : ""}`;
}

export type Tone = "early" | "day" | "late" | "night";

/** Shifts are told apart by when they begin, and so coloured. */
export function toneOf(start: number): Tone {
  const minute = ((start % A_DAY) + A_DAY) % A_DAY;
  if (minute < 4 * 60 || minute >= 18 * 60) return "night";
  if (minute < 8 * 60) return "early";
  return minute < 11 * 60 ? "day" : "late";
}
