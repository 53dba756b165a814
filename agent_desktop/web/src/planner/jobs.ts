/** Long work the server does for the planner: what is under way, and what has just come to its end. */

import type { JobShown } from "../shared/schema";

const ACTIVE: readonly JobShown["state"][] = ["queued", "running"];

export const isActive = (job: JobShown) => ACTIVE.includes(job.state);

/** Those that were under way when they were last looked at, and are no longer. */
export function ended(before: readonly JobShown[], now: readonly JobShown[]): JobShown[] {
  const was = new Set(before.filter(isActive).map((job) => job.id));
  return now.filter((job) => was.has(job.id) && !isActive(job));
}

/** `was` with one job as it is now: a new one first, as the server lists them. */
export function put(was: readonly JobShown[], job: JobShown): JobShown[] {
  return was.some((one) => one.id === job.id)
    ? was.map((one) => (one.id === job.id ? job : one))
    : [job, ...was];
}
