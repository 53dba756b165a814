/** The board's headline numbers, added up from the queues, agents and calls. */

import type { Floor } from "../shared/floor";
import type { Level } from "../shared/level";
import type { QueueView } from "../shared/types";

export interface Totals {
  waiting: number;
  longest_s: number | null;
  talking: number;
  available: number;
  /** Service level over all queues, weighted by the calls each was offered; null before the first call. */
  service: number | null;
  abandoned: number;
  /** Some queue's oldest call waits longer than that queue's target. */
  late: boolean;
  /** Some queue is below its own target share. */
  below: boolean;
}

/** Its oldest call waits longer than its target. */
export function late(queue: QueueView, now: number): boolean {
  return queue.oldest !== null && now - queue.oldest > queue.target_s * 1000;
}

/** A queue's service level by one definition; null before anybody counts. */
export function levelOf(queue: QueueView, level: Level): number | null {
  return queue.service_levels[level] ?? null;
}

/** Its service level, by the definition that is shown, is below its target share. */
export function below(queue: QueueView, level: Level): boolean {
  const share = levelOf(queue, level);
  return share !== null && share < queue.target_share;
}

const TALKING = new Set(["talking", "held", "consulting", "reconnecting"]);

export function totals(floor: Floor, now: number, level: Level): Totals {
  const queues = Object.values(floor.queues);
  const waits_s = queues.flatMap((q) => (q.oldest === null ? [] : [(now - q.oldest) / 1000]));
  const counted = queues.filter((q) => levelOf(q, level) !== null && q.offered > 0);
  const offered = counted.reduce((sum, q) => sum + q.offered, 0);
  return {
    waiting: queues.reduce((sum, q) => sum + q.waiting, 0),
    longest_s: waits_s.length ? Math.max(...waits_s) : null,
    talking: Object.values(floor.calls).filter((c) => TALKING.has(c.phase)).length,
    available: Object.values(floor.agents).filter((a) => a.state === "available").length,
    service: offered
      ? counted.reduce((sum, q) => sum + (levelOf(q, level) ?? 0) * q.offered, 0) / offered
      : null,
    abandoned: queues.reduce((sum, q) => sum + q.abandoned, 0),
    late: queues.some((q) => late(q, now)),
    below: queues.some((q) => below(q, level)),
  };
}
