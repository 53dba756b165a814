/** Days, spans and figures as people read them. Days are local dates of the series, written `2026-12-01`. */

import { DAY, dayNumber } from "./plot/zone";

const formats = new Map<string, Intl.DateTimeFormat>();

function written(day: string, locale: string, parts: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(parts)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
    formats.set(key, format);
  }
  const at = dayNumber(day) * DAY;
  return Number.isNaN(at) ? day : format.format(at);
}

/** `Tue, Dec 1`; with the year where it is not that of `now`. */
export function dayWords(day: string, locale: string, now = ""): string {
  const year = now && now.slice(0, 4) !== day.slice(0, 4) ? ({ year: "numeric" } as const) : {};
  return written(day, locale, { weekday: "short", month: "short", day: "numeric", ...year });
}

/** `Dec 1, 2026`. */
export function dateWords(day: string, locale: string): string {
  return written(day, locale, { month: "short", day: "numeric", year: "numeric" });
}

/** Both ends of a span, or the one day it is. */
export function spanWords(first: string, last: string, locale: string): string {
  const [from, to] = [dayNumber(first), dayNumber(last)];
  if (!(from < to)) return dateWords(first, locale);
  const format = new Intl.DateTimeFormat(locale, {
    month: "short",
    day: "numeric",
    year: "numeric",
    timeZone: "UTC",
  });
  // Thin spaces of some locales look like none at all.
  return format.formatRange(from * DAY, to * DAY).replaceAll("\u2009", " ");
}

/** A month (`2026-12`) or a year (`2027`) in words. */
export function periodWords(period: string, locale: string): string {
  if (/^\d{4}-\d\d$/.test(period)) return written(`${period}-01`, locale, { month: "long", year: "numeric" });
  return locale.startsWith("zh") && /^\d{4}$/.test(period) ? `${period}年` : period;
}

/** So many digits after the point at most, groups of thousands; a dash for what is not known. */
export function figure(
  value: number | null | undefined,
  locale: string,
  digits = 0,
  /** All of the digits, so that a column of figures stands under each other. */
  fixed = false,
): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const least = fixed ? { minimumFractionDigits: digits } : {};
  return new Intl.NumberFormat(locale, { ...least, maximumFractionDigits: digits }).format(value);
}

/** Calls: whole where there are many, a digit more where there are few. */
export function callsWords(value: number | null | undefined, locale: string): string {
  return figure(value, locale, Math.abs(value ?? 0) < 10 ? 1 : 0);
}

/** A figure that is in percent already: `4.6%`. */
export function percentWords(value: number | null | undefined, locale: string, signed = false): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return new Intl.NumberFormat(locale, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: signed ? "exceptZero" : "auto",
  }).format(value / 100);
}

/** A share from 0 to 1 as percent with a digit after the point. */
export function shareWords(share: number | null | undefined, locale: string): string {
  return percentWords(share === null || share === undefined ? null : share * 100, locale);
}

/** Seconds: `8.4 s` where they are few, `185 s` else. */
export function secondsWords(
  value: number | null | undefined,
  locale: string,
  unit: (n: string) => string,
): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return unit(figure(value, locale, Math.abs(value) < 10 ? 1 : 0));
}

/** Unknown as NaN, the way plots want it. */
export function column(
  values: readonly (number | null)[] | undefined,
  length = values?.length ?? 0,
): Float64Array {
  const made = new Float64Array(length).fill(Number.NaN);
  values?.forEach((value, n) => {
    if (value !== null) made[n] = value;
  });
  return made;
}

export function addDays(day: string, days: number): string {
  return new Date((dayNumber(day) + days) * DAY).toISOString().slice(0, 10);
}

/** The month after that of a day: `2026-12`. */
export function nextMonth(day: string): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);
}
