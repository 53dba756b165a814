/** Small hooks more than one page needs. */

import { useCallback, useEffect, useState } from "react";
import { Once } from "./once";

/** The server's time in ms, ticking every `every` ms. */
export function useNow(skew: number, every = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now + skew;
}

/** `value`, but new at most every `every` ms: for what is read, not acted on. */
export function useCalm<T>(value: T, every: number): T {
  const [calm, setCalm] = useState({ value, at: 0 });
  useEffect(() => {
    if (calm.value === value) return;
    const timer = setTimeout(
      () => setCalm({ value, at: performance.now() }),
      Math.max(0, calm.at + every - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [value, calm, every]);
  return calm.value;
}

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload: () => void;
}

/** Load something whenever `load` changes; an answer that comes too late is left alone. */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown; loading: boolean }>({
    data: null,
    error: null,
    loading: true,
  });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the request to load again
  useEffect(() => {
    let current = true;
    setState((was) => ({ ...was, loading: true, error: null }));
    load().then(
      (data) => current && setState({ data, error: null, loading: false }),
      (error: unknown) => current && setState({ data: null, error, loading: false }),
    );
    return () => {
      current = false;
    };
  }, [load, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  return { ...state, reload };
}

/** Load something, and again every `every` ms; what was loaded last stays when a later try fails. */
export function useFresh<T>(load: () => Promise<T>, every: number): Loaded<T> {
  const { data, error, loading, reload } = useLoad(load);
  const [last, setLast] = useState<{ data: T | null; load: unknown }>({ data: null, load });
  useEffect(() => {
    const timer = setInterval(reload, every);
    return () => clearInterval(timer);
  }, [reload, every]);
  useEffect(() => {
    if (data !== null) setLast({ data, load });
  }, [data, load]);
  const kept = data ?? (last.load === load ? last.data : null);
  return { data: kept, error: kept === null ? error : null, loading, reload };
}

/** Run commands, each at most once at a time; the last error is kept for the page to show. */
export function useCommand() {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [once] = useState(() => new Once());
  const run = useCallback(
    async (work: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      setError(null);
      try {
        return await once.run("", work);
      } catch (problem) {
        setError(problem);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [once],
  );
  const clear = useCallback(() => setError(null), []);
  return { run, error, busy, clear };
}
