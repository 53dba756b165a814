/** A stretch of time as it stands in an address: two wall-clock times, `2026-10-01T07:00~2026-10-08T21:00`. */

import type { View } from "./view";
import { DAY, dayText, minuteText, type ZoneClock } from "./zone";

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)$/;

export function writeView(view: View, clock: ZoneClock): string {
  return [view.from, view.to]
    .map((at) => {
      const wall = clock.wall(at);
      return `${dayText(Math.floor(wall / DAY))}T${minuteText(Math.floor((wall % DAY) / 60_000))}`;
    })
    .join("~");
}

/** Null for what is no stretch of time. */
export function readView(text: string, clock: ZoneClock): View | null {
  const ends = text.split("~").map((one) => (TIME.test(one) ? Date.parse(`${one}:00Z`) : Number.NaN));
  const [from = Number.NaN, to = Number.NaN] = ends;
  if (ends.length !== 2 || !(from < to)) return null;
  return { from: clock.moment(from), to: clock.moment(to) };
}
