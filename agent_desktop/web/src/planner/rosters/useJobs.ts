/** The solver's jobs: looked at each second while one is under way, now and then while none is. */

import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../shared/api";
import { tellDone, tellProblem } from "../../shared/notice";
import type { RosterJobShown } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { followed, isActive, type Point, remember, remembered } from "./progress";

const BUSY_MS = 1000;
const CALM_MS = 15_000;

export interface RosterJobs {
  jobs: readonly RosterJobShown[];
  found: Readonly<Record<string, Point[]>>;
  /** Goes up with each job that ends. */
  done: number;
  take: (job: RosterJobShown) => void;
  end: (job: RosterJobShown, how: "stop" | "cancel") => void;
}

export function useRosterJobs(): RosterJobs {
  const { t } = useWords();
  const [jobs, setJobs] = useState<readonly RosterJobShown[]>([]);
  const [found, setFound] = useState(remembered);
  const [done, setDone] = useState(0);
  const seen = useRef(jobs);
  const look = useCallback(
    (now: readonly RosterJobShown[]) => {
      const active = new Set(seen.current.filter(isActive).map((one) => one.id));
      for (const job of now) {
        if (!active.has(job.id) || isActive(job)) continue;
        setDone((n) => n + 1);
        if (job.state === "done") tellDone(t("sched.job.done"));
      }
      seen.current = now;
      setJobs(now);
      setFound((was) => {
        const next = followed(was, now, Date.now());
        remember(next);
        return next;
      });
    },
    [t],
  );
  const busy = jobs.some(isActive);
  useEffect(() => {
    let current = true;
    const ask = () =>
      api.get<RosterJobShown[]>("/api/rosters/jobs").then(
        (now) => current && look(now),
        // Not reached now: it is asked again.
        () => undefined,
      );
    void ask();
    const timer = setInterval(ask, busy ? BUSY_MS : CALM_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [busy, look]);
  const take = useCallback(
    (job: RosterJobShown) =>
      look([job, ...seen.current.filter((one) => one.id !== job.id)].sort((a, b) => b.id - a.id)),
    [look],
  );
  const end = useCallback(
    (job: RosterJobShown, how: "stop" | "cancel") => {
      api
        .post<RosterJobShown>(`/api/rosters/jobs/${job.id}/${how}`)
        .then(take, (problem: unknown) => tellProblem(problem, t));
    },
    [take, t],
  );
  return { jobs, found, done, take, end };
}
