/** Why an agent was passed over, in the page's words. */

import { STATE_COLOR } from "../shared/stateColor";
import type { AgentState } from "../shared/types";
import type { Words } from "../shared/words";

/** The floor says `state: paused`, `skill: loan, english` or `rejected this call`; anything else stays as it came. */
export function filterWords(filtered: string, t: Words["t"]): string {
  const [kind, rest = ""] = filtered.split(/: (.*)/s);
  if (kind === "state" && rest in STATE_COLOR) return t(`state.${rest as AgentState}`);
  if (kind === "skill") return t("desk.why.skill", rest);
  if (filtered === "rejected this call") return t("desk.why.rejected");
  return filtered;
}
