/** What the clocks of a time zone say: 15,000 intervals are placed on their days in a few milliseconds. */

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A day's number: whole days since 1970-01-01 by the calendar of the zone. */
export type DayNumber = number;

export class ZoneClock {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, number | null>();
  private readonly quarters = new Map<number, number>();

  /** Raises RangeError for a name that is no zone. */
  constructor(readonly zone: string) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** How far the clock is ahead of UTC at a moment, both in ms. */
  offset(at: number): number {
    // Clocks are changed on few days: for all others one look at each end is enough.
    const day = Math.floor(at / DAY);
    let whole = this.days.get(day);
    if (whole === undefined) {
      const begin = this.look(day * DAY);
      whole = begin === this.look((day + 1) * DAY) ? begin : null;
      this.days.set(day, whole);
    }
    if (whole !== null) return whole;
    const quarter = Math.floor(at / (15 * MINUTE));
    let found = this.quarters.get(quarter);
    if (found === undefined) {
      found = this.look(quarter * 15 * MINUTE);
      this.quarters.set(quarter, found);
    }
    return found;
  }

  /** The moment as if the wall clock were UTC: its UTC fields are what the clock on the wall shows. */
  wall(at: number): number {
    return at + this.offset(at);
  }

  /** The moment at which the wall shows this; where it does so twice the first, where never the one after. */
  moment(wall: number): number {
    const before = wall - this.offset(wall - DAY);
    const after = wall - this.offset(wall + DAY);
    for (const at of [before, after]) if (this.wall(at) === wall) return at;
    return before;
  }

  day(at: number): DayNumber {
    return Math.floor(this.wall(at) / DAY);
  }

  /** Minutes since the wall clock's midnight. */
  minute(at: number): number {
    return Math.floor((this.wall(at) % DAY) / MINUTE);
  }

  /** The first moment of a day. */
  start(day: DayNumber): number {
    return this.moment(day * DAY);
  }

  private look(at: number): number {
    const read: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(at)) read[type] = Number(value);
    const wall = Date.UTC(
      read.year ?? 0,
      (read.month ?? 1) - 1,
      read.day ?? 1,
      read.hour ?? 0,
      read.minute ?? 0,
      read.second ?? 0,
    );
    return wall - Math.floor(at / 1000) * 1000;
  }
}

/** `2026-10-01`. */
export function dayText(day: DayNumber): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The number of a day written `2026-10-01`; NaN for anything else. */
export function dayNumber(text: string): DayNumber {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / DAY : Number.NaN;
}

/** 0 for Monday. */
export function weekday(day: DayNumber): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** `09:30`; the end of a day is `24:00`. */
export function minuteText(minute: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
