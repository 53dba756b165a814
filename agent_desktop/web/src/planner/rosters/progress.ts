/** What a solver has found over time, remembered while the page is open and over a reload. */

import type { RosterJobShown } from "../../shared/schema";

export interface Point {
  /** Seconds since the job began. */
  at: number;
  objective: number | null;
  bound: number | null;
}

const KEY = "callfloor.rosters.found";
/** Jobs whose points are kept. */
const JOBS = 8;
const MOST = 600;

const ACTIVE: readonly RosterJobShown["state"][] = ["queued", "running"];
export const isActive = (job: RosterJobShown) => ACTIVE.includes(job.state);

/** Points with one more; what has not changed since the last two is one long step, not many points. */
export function withPoint(points: readonly Point[], point: Point): Point[] {
  const last = points.at(-1);
  if (last && point.at <= last.at) return [...points];
  const before = points.at(-2);
  const same = (a: Point | undefined) => a && a.objective === point.objective && a.bound === point.bound;
  const kept = same(last) && same(before) ? points.slice(0, -1) : points;
  return [...kept, point].slice(-MOST);
}

/** How far the best roster may be above the best there is, as a share of that; null where nobody knows. */
export function gapOf(job: Pick<RosterJobShown, "objective" | "bound">): number | null {
  if (job.objective === null || job.bound === null) return null;
  if (job.objective <= job.bound) return 0;
  return job.bound > 0 ? job.objective / job.bound - 1 : null;
}

type Found = Record<string, Point[]>;

export function remembered(): Found {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Found;
  } catch {
    return {};
  }
}

/** What was found with what jobs say now, and kept. */
export function followed(found: Found, jobs: readonly RosterJobShown[], now: number): Found {
  const made = { ...found };
  for (const job of jobs) {
    if (job.begun_at === null || job.objective === null) continue;
    const points = made[job.id] ?? [{ at: 0, objective: null, bound: null }];
    if (!isActive(job) && points.length < 2) continue;
    const at = ((isActive(job) ? now : (job.ended_at ?? now)) - job.begun_at) / 1000;
    made[job.id] = withPoint(points, {
      at: Math.round(at * 10) / 10,
      objective: job.objective,
      bound: job.bound,
    });
  }
  const newest = Object.keys(made)
    .sort((a, b) => Number(b) - Number(a))
    .slice(0, JOBS);
  return Object.fromEntries(newest.map((id) => [id, made[id] ?? []]));
}

export function remember(found: Found): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(found));
  } catch {
    // There is no room: the chart begins anew after a reload.
  }
}
