/** Moments as people of a roster's zone read them. */

import type { ZoneClock } from "../shared/plot/zone";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, language: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${language} ${JSON.stringify(parts)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, { ...parts, timeZone: zone, hourCycle: "h23" });
    formats.set(key, found);
  }
  return found;
}

/** `09:30`. */
export function timeWords(at: number, clock: ZoneClock, language: string): string {
  return format(clock.zone, language, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** `Tue, Dec 1, 09:30`. */
export function whenWords(at: number, zone: string, language: string): string {
  const parts = {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  return format(zone, language, parts).format(at);
}
