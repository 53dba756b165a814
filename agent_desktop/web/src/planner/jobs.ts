/** Long work the server does for the planner: what is under way, and what has just come to its end. */

import type { JobShown } from "../shared/schema";

const ACTIVE: readonly JobShown["state"][] = ["queued", "running"];

export const isActive = (job: JobShown) => ACTIVE.includes(job.state);

/** Those that were under way when they were last looked at, and are no longer. */
export function ended(before: readonly JobShown[], now: readonly JobShown[]): JobShown[] {
  const was = new Set(before.filter(isActive).map((job) => job.id));
  return now.filter((job) => was.has(job.id) && !isActive(job));
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What has gone wrong and nobody has waved away: of each series and kind the newest job, `jobs` being the newest
 * first, if it failed within the last day.
 */
export function troubled(jobs: readonly JobShown[], dismissed: readonly number[], now: number): JobShown[] {
  const seen = new Set<string>();
  return jobs.filter((job) => {
    const key = `${job.kind} ${job.series}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const bad = job.state === "failed" || job.state === "interrupted";
    return bad && !dismissed.includes(job.id) && now - (job.ended_at ?? job.asked_at) < DAY_MS;
  });
}

/** `was` with one job as it is now: a new one first, as the server lists them. */
export function put(was: readonly JobShown[], job: JobShown): JobShown[] {
  return was.some((one) => one.id === job.id)
    ? was.map((one) => (one.id === job.id ? job : one))
    : [job, ...was];
}
