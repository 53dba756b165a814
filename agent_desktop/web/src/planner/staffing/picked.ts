/** Which interval of a requirement is looked at: the one in the address, else the busiest of the first days. */

import { nearest } from "../../shared/plot/columns";
import { DAY } from "../../shared/plot/zone";
import type { RequirementColumns } from "../../shared/schema";

/** So much is shown at first, in ms. */
export const SHOWN = 7 * DAY;

/** Its place in the columns; -1 where there are none. */
export function pickedOf(
  required: Pick<RequirementColumns, "starts" | "scheduled">,
  address: string | null,
): number {
  const asked = Number(address);
  if (asked) return nearest(required.starts, asked);
  const end = (required.starts[0] ?? 0) + SHOWN;
  let found = required.starts.length ? 0 : -1;
  required.starts.forEach((at, n) => {
    if (at < end && (required.scheduled[n] ?? 0) > (required.scheduled[found] ?? 0)) found = n;
  });
  return found;
}
