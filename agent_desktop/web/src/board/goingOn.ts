/** Figures of an agent that go on between two pictures of them. */

import type { AgentView } from "../shared/types";

/** Seconds since the picture was taken, 0 while the agent does nothing that counts as handling. */
function busySince(agent: AgentView, now: number): number {
  const busy = agent.state === "on_contact" || agent.state === "wrap_up";
  return busy ? Math.max(0, now - agent.at) / 1000 : 0;
}

/** Seconds of calls and wrap-up in the queue's busy window, up to `now` (ms). */
export function handledNow(agent: AgentView, now: number): number {
  return agent.handled_s + busySince(agent, now);
}

/** The share of today's time at work that calls and wrap-up took, up to `now` (ms). */
export function occupancyNow(agent: AgentView, now: number): number | null {
  if (agent.state === "signed_out") return agent.occupancy;
  const signed_in_s = agent.signed_in_s + Math.max(0, now - agent.at) / 1000;
  if (signed_in_s <= 0) return null;
  const busy_s = (agent.occupancy ?? 0) * agent.signed_in_s + busySince(agent, now);
  return Math.min(1, busy_s / signed_in_s);
}
