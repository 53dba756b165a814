/** Why an agent was passed over, in the page's words. */

import { STATE_COLOR } from "../shared/stateColor";
import type { AgentState } from "../shared/types";
import type { Word, Words } from "../shared/words";

const PLAIN: Record<string, Word> = {
  "rejected this call": "desk.why.rejected",
  capacity: "desk.why.capacity",
  "no member of the queue": "desk.why.no_member",
};

/** The floor says `state: paused`, `skill: loan, english` and the like; what is not known stays as it came. */
export function filterWords(filtered: string, t: Words["t"], name = (agent: string) => agent): string {
  const plain = PLAIN[filtered];
  if (plain) return t(plain);
  const [kind, rest = ""] = filtered.split(/: (.*)/s);
  if (kind === "state" && rest in STATE_COLOR) return t(`state.${rest as AgentState}`);
  if (kind === "skill") return t("desk.why.skill", rest);
  if (kind === "level") return t("desk.why.level", parseInt(rest, 10));
  if (kind === "penalty") return t("desk.why.penalty", parseInt(rest, 10));
  if (kind === "branch") return t("desk.why.held", rest.replace("held for ", ""));
  const held = /^held for (.+)$/.exec(filtered);
  return held ? t("desk.why.held", name(held[1] ?? "")) : filtered;
}
