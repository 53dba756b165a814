/** What all pages of planning share: the series there are, the one that is looked at, and the work under way. */

import { useLocalStorage } from "@mantine/hooks";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { api } from "../shared/api";
import { type Loaded, useFresh } from "../shared/hooks";
import { tellDone, tellProblem } from "../shared/notice";
import { useSearch } from "../shared/path";
import { ZoneClock } from "../shared/plot/zone";
import type { JobShown, Me, SeriesShown } from "../shared/schema";
import { useWords } from "../shared/words";
import { ended, isActive, put } from "./jobs";

export interface Planning {
  /** May this person change anything? */
  writes: boolean;
  series: Loaded<SeriesShown[]>;
  /** The one in the address, or the one looked at last; null while there is none. */
  chosen: SeriesShown | null;
  choose: (series: string) => void;
  jobs: readonly JobShown[];
  /** Ask for a job and follow it. */
  start: (path: string, body?: unknown) => Promise<JobShown>;
  cancel: (job: JobShown) => void;
  /** Goes up with each job of the kind that ends: what it made is to be loaded again. */
  done: Record<JobShown["kind"], number>;
  /** The latest that ended well. */
  latest: JobShown | null;
}

const Context = createContext<Planning | null>(null);

/** How often jobs are asked for, in ms: while something is under way, and while nothing is. */
const BUSY_MS = 1000;
const CALM_MS = 20_000;
const FRESH_MS = 60_000;

export function PlanningProvider({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useWords();
  const [search, change] = useSearch();
  const series = useFresh(
    useCallback(() => api.get<SeriesShown[]>("/api/planning/series"), []),
    FRESH_MS,
  );
  const [last, setLast] = useLocalStorage({
    key: "callfloor.planning.series",
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const asked = search.get("series") || last;
  const chosen = series.data?.find((one) => one.id === asked) ?? series.data?.[0] ?? null;
  const choose = useCallback(
    (id: string) => {
      setLast(id);
      // What was chosen for the one series says nothing of the other.
      change({ series: id, forecast: "", requirement: "", finding: "" });
    },
    [setLast, change],
  );

  const [jobs, setJobs] = useState<readonly JobShown[]>([]);
  const [done, setDone] = useState<Planning["done"]>({ clean: 0, backtest: 0, forecast: 0 });
  const [latest, setLatest] = useState<JobShown | null>(null);
  const seen = useRef(jobs);
  const reload = series.reload;
  const take = useCallback(
    (now: readonly JobShown[]) => {
      const over = ended(seen.current, now);
      seen.current = now;
      setJobs(now);
      for (const job of over) {
        setDone((was) => ({ ...was, [job.kind]: was[job.kind] + 1 }));
        if (job.state === "done") {
          setLatest(job);
          tellDone(t(`plan.job.${job.kind}.done`, job.series_name));
          reload();
        }
      }
    },
    [t, reload],
  );
  const busy = jobs.some(isActive);
  useEffect(() => {
    let current = true;
    const look = () =>
      api.get<JobShown[]>("/api/planning/jobs").then(
        (now) => current && take(now),
        // Not reached now: it is asked again.
        () => undefined,
      );
    if (seen.current.length === 0) void look();
    const timer = setInterval(look, busy ? BUSY_MS : CALM_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [busy, take]);

  const value = useMemo<Planning>(
    () => ({
      writes: me.role === "planner" || me.role === "admin",
      series,
      chosen,
      choose,
      jobs,
      done,
      latest,
      start: async (path, body = {}) => {
        const job = await api.post<JobShown>(path, body);
        take(put(seen.current, job));
        return job;
      },
      cancel: (job) => {
        api.post<JobShown>(`/api/planning/jobs/${job.id}/cancel`).then(
          (now) => take(put(seen.current, now)),
          (problem: unknown) => tellProblem(problem, t),
        );
      },
    }),
    [me.role, series, chosen, choose, jobs, done, latest, take, t],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePlanning(): Planning {
  const planning = useContext(Context);
  if (!planning) throw new Error("usePlanning needs a PlanningProvider above it");
  return planning;
}

/** The clock of a series' zone, the same object as long as the zone is the same. */
export function useClock(zone: string): ZoneClock {
  return useMemo(() => new ZoneClock(zone), [zone]);
}
