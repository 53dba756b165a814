/** Why the server did not do something, in the page's words; a reason it does not know stays as it came. */

import { PLANNER_REASONS } from "./plannerReasons";
import { ROSTER_REASONS } from "./rosterSaid";
import type { Word, Words } from "./words";

const REASONS: readonly [RegExp, Word][] = [
  [/neither waits nor rings|is not waiting|does not wait/i, "refused.gone"],
  [/will be called back already/i, "refused.kept"],
  [/is with an agent/i, "refused.with_agent"],
  [/there is no callback/i, "refused.no_callback"],
  [/rings at agent .+ already/i, "refused.rings"],
  [/may not take waiting calls/i, "refused.out_of_turn"],
  [/is no member of queue/i, "refused.no_member"],
  [/cannot be rung/i, "refused.unreachable"],
  [/is signed out/i, "refused.signed_out"],
  [/has no room/i, "refused.no_room"],
  [/queue .+ is closed/i, "refused.closed"],
  [/queue .+ is open/i, "refused.open"],
  [/has no queue to come back to/i, "refused.no_way_back"],
];

/** The page's words for a reason it knows, null for one it does not. */
export function known(reason: string, t: Words["t"]): string | null {
  for (const [pattern, word] of [...REASONS, ...PLANNER_REASONS, ...ROSTER_REASONS]) {
    const found = pattern.exec(reason);
    if (found) return t(word, ...found.slice(1).map((one) => one?.replace(/^'(.*)'$/, "$1") ?? ""));
  }
  return null;
}

export function refusal(reason: string, t: Words["t"]): string {
  return known(reason, t) ?? t("error.conflict", reason);
}
