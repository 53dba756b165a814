/** Finished calls, a page at a time: the next one goes on after the last call there is. */

import { useCallback, useEffect, useState } from "react";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import type { CallSummary } from "../shared/schema";
import { historyQuery } from "./query";

/** Calls of one page. */
export const LISTED = 100;

export function usePages(search: URLSearchParams) {
  const asked = search.toString();
  const load = useCallback(
    () => api.get<CallSummary[]>(`/api/history/calls?${historyQuery(new URLSearchParams(asked), LISTED)}`),
    [asked],
  );
  const { data, error, reload } = useLoad(load);
  const [more, setMore] = useState<{ after: CallSummary[] | null; calls: CallSummary[]; last: boolean }>({
    after: null,
    calls: [],
    last: false,
  });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  // What was read on belongs to the first page it was read after.
  const rest = data !== null && more.after === data ? more.calls : [];
  const ended = data !== null && more.after === data ? more.last : (data?.length ?? 0) < LISTED;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search has other problems
  useEffect(() => setProblem(null), [asked]);
  const readOn = async () => {
    const before = (rest.at(-1) ?? data?.at(-1))?.id;
    if (!data || !before || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const query = historyQuery(new URLSearchParams(asked), LISTED, before);
      const next = await api.get<CallSummary[]>(`/api/history/calls?${query}`);
      setMore({ after: data, calls: [...rest, ...next], last: next.length < LISTED });
    } catch (refused) {
      setProblem(refused);
    } finally {
      setBusy(false);
    }
  };
  return { calls: data ? [...data, ...rest] : null, error: error ?? problem, reload, ended, readOn, busy };
}
