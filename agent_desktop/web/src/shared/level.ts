/** Service level by the definition somebody chose; the choice stays on this machine. */

import { useLocalStorage } from "@mantine/hooks";

/** By the names of the server's own definitions, the usual one first. */
export const LEVELS = [
  "in_target_of_all",
  "answered_in_target_of_answered",
  "answered_in_target_of_all",
  "answered_in_target_of_all_but_abandoned_in_target",
  "answered_in_target_or_short_of_all",
] as const;
export type Level = (typeof LEVELS)[number];

export function useLevel() {
  return useLocalStorage<Level>({
    key: "callfloor.service_level",
    defaultValue: LEVELS[0],
    getInitialValueInEffect: false,
    deserialize: (text) => LEVELS.find((level) => JSON.stringify(level) === text) ?? LEVELS[0],
  });
}

/** How visits of some time ended; of queues or intervals put together, the sums. */
export interface Counts {
  answered: number;
  abandoned: number;
  answered_in_target: number;
  abandoned_in_target: number;
  short_abandoned: number;
}

/** The share from 0 to 1, as `common/service_level.py` has it; null when nobody counts. */
export function serviceLevel(level: Level, c: Counts): number | null {
  const all = c.answered + c.abandoned;
  const share = (part: number, whole: number) => (whole ? part / whole : null);
  switch (level) {
    case "in_target_of_all":
      return share(c.answered_in_target + c.abandoned_in_target, all);
    case "answered_in_target_of_answered":
      return share(c.answered_in_target, c.answered);
    case "answered_in_target_of_all":
      return share(c.answered_in_target, all);
    case "answered_in_target_of_all_but_abandoned_in_target":
      return share(c.answered_in_target, all - c.abandoned_in_target);
    case "answered_in_target_or_short_of_all":
      return share(c.answered_in_target + c.short_abandoned, all);
  }
}
