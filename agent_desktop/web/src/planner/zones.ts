/** Time zones to choose from, and the intervals calls are counted in. */

import type { SeriesBody } from "../shared/schema";

export const INTERVALS: readonly NonNullable<SeriesBody["interval_min"]>[] = [
  5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440,
];

/** All zones the browser knows, and `also` in any case. */
export function zones(also: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes(also) ? known : [also, ...known];
}
