/** An agent's own day in four figures. */

import type { CallSummary } from "../shared/schema";

export interface Figures {
  answered: number;
  talk_s: number;
  /** Null before the first call. */
  average_s: number | null;
}

/** Over the calls `agent` took, of those given. */
export function figures(calls: readonly CallSummary[], agent: string): Figures {
  const own = calls.filter((c) => c.agent === agent && c.answered !== null);
  const talk_s = own.reduce((sum, c) => sum + c.talk_s, 0);
  return { answered: own.length, talk_s, average_s: own.length ? talk_s / own.length : null };
}

/** Midnight of this machine's day that holds `now` (ms), in ms. */
export function midnight(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
