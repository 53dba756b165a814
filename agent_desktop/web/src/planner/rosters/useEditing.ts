/** A draft that is worked on: each change is judged first, kept when it is legal or meant so, and can be undone. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api, Problem } from "../../shared/api";
import { tellDone, tellNews, tellProblem } from "../../shared/notice";
import type {
  RosterCell,
  RosterChange,
  RosterChanged,
  RosterDifference,
  RosterDraftWhole,
  RosterVerdict,
} from "../../shared/schema";
import { useWords } from "../../shared/words";
import { applied, indexed, inverse, type Rostered } from "./edits";

export interface Pending {
  cells: RosterCell[];
  changed: RosterChanged;
  /** Somebody else has changed the draft meanwhile. */
  again: boolean;
}

export interface Editing {
  draft: RosterDraftWhole;
  roster: Rostered;
  verdict: RosterVerdict;
  /** What the last change did. */
  last: { difference: RosterDifference; changes: readonly RosterChange[] } | null;
  /** A change waits for the judge, or for the server to keep it. */
  busy: boolean;
  /** What breaks a hard rule, shown before it is kept. */
  pending: Pending | null;
  propose: (cells: readonly RosterCell[]) => Promise<void>;
  /** `propose` for a form: whether it was kept in the end; raises why it could not be. */
  offer: (cells: readonly RosterCell[]) => Promise<boolean>;
  /** What cells would do; null where that cannot be known. */
  ask: (cells: readonly RosterCell[]) => Promise<RosterChanged | null>;
  keep: () => Promise<void>;
  discard: () => void;
  undo: (() => Promise<void>) | null;
  redo: (() => Promise<void>) | null;
  /** Take what the server made of the draft (a workbook, a day anew). */
  take: (changed: RosterChanged) => void;
}

/** Who waits for what becomes of a change that is pending. */
interface Waiting {
  kept: (kept: boolean) => void;
  failed: (problem: unknown) => void;
}

interface Steps {
  /** The draft's tag these steps are of. */
  tag: string;
  undo: RosterChange[][];
  redo: RosterChange[][];
}

const MOST_STEPS = 50;
const keyOf = (draft: number) => `callfloor.rosters.steps.${draft}`;

function stepsOf(draft: RosterDraftWhole): Steps {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(draft.id)) ?? "null") as Steps | null;
    if (kept?.tag === draft.tag) return kept;
  } catch {
    // What is kept cannot be read: steps begin anew.
  }
  return { tag: draft.tag, undo: [], redo: [] };
}

export function useEditing(whole: RosterDraftWhole, reload: () => void): Editing {
  const { t } = useWords();
  const [draft, setDraft] = useState(whole);
  const [roster, setRoster] = useState<Rostered>(() => indexed(whole.roster));
  const [verdict, setVerdict] = useState(whole.verdict);
  const [last, setLast] = useState<Editing["last"]>(null);
  const [waiting, setWaiting] = useState(0);
  const [pending, setPending] = useState<Pending | null>(null);
  const [steps, setSteps] = useState(() => stepsOf(whole));
  const tag = useRef(whole.tag);
  const form = useRef<Waiting | null>(null);
  const path = `/api/rosters/drafts/${whole.id}`;

  // Loaded again: it is as the server has it now.
  useEffect(() => {
    setDraft(whole);
    setRoster(indexed(whole.roster));
    setVerdict(whole.verdict);
    tag.current = whole.tag;
    setSteps(stepsOf(whole));
  }, [whole]);
  useEffect(() => {
    try {
      sessionStorage.setItem(keyOf(whole.id), JSON.stringify(steps));
    } catch {
      // There is no room: steps are lost with the page, changes are not.
    }
  }, [steps, whole.id]);

  const busily = useCallback(
    async <T>(work: () => Promise<T>): Promise<T | null> => {
      setWaiting((n) => n + 1);
      try {
        return await work();
      } catch (problem) {
        tellProblem(problem, t);
        return null;
      } finally {
        setWaiting((n) => n - 1);
      }
    },
    [t],
  );

  const take = useCallback(
    (changed: RosterChanged) => {
      setRoster((was) => applied(was, changed.changes));
      setDraft((was) => ({ ...was, ...changed.draft }));
      setLast({ difference: changed.difference, changes: changed.changes });
      tag.current = changed.draft.tag;
      // The whole verdict follows; what the change did is told already.
      api.get<RosterVerdict>(`${path}/verdict`).then(
        (now) => tag.current === changed.draft.tag && setVerdict(now),
        (problem: unknown) => tellProblem(problem, t),
      );
    },
    [path, t],
  );

  const send = useCallback(
    (cells: readonly RosterCell[], dry: boolean, match = tag.current) =>
      api.post<RosterChanged>(`${path}/changes`, { changes: cells, dry }, { match }),
    [path],
  );

  /** Somebody else was faster: look at theirs, and at what the change would do to it. */
  const meanwhile = useCallback(
    async (cells: readonly RosterCell[]) => {
      tellNews(t("sched.meanwhile"), t);
      reload();
      const changed = await send(cells, true, "");
      setPending({ cells: [...cells], changed, again: true });
    },
    [reload, send, t],
  );

  const commit = useCallback(
    async (cells: readonly RosterCell[]): Promise<RosterChanged | null> => {
      try {
        const changed = await send(cells, false);
        take(changed);
        return changed;
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.status !== 412) throw problem;
        await meanwhile(cells);
        return null;
      }
    },
    [send, take, meanwhile],
  );

  const did = useCallback((changed: RosterChanged | null) => {
    if (changed?.changes.length)
      setSteps((was) => ({
        tag: changed.draft.tag,
        undo: [...was.undo, changed.changes].slice(-MOST_STEPS),
        redo: [],
      }));
  }, []);

  /** Whether it is kept, or nothing to keep; else it is pending. */
  const put = useCallback(
    async (cells: readonly RosterCell[]): Promise<boolean> => {
      try {
        const changed = await send(cells, true);
        if (!changed.changes.length) return true;
        if (changed.difference.broken.length) {
          setPending({ cells: [...cells], changed, again: false });
          return false;
        }
        const made = await commit(cells);
        did(made);
        return made !== null;
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.status !== 412) throw problem;
        await meanwhile(cells);
        return false;
      }
    },
    [send, commit, did, meanwhile],
  );

  const propose = useCallback(
    async (cells: readonly RosterCell[]) => {
      form.current = null;
      if (cells.length) await busily(() => put(cells));
    },
    [busily, put],
  );

  const offer = useCallback(
    async (cells: readonly RosterCell[]) => {
      form.current = null;
      setWaiting((n) => n + 1);
      try {
        if (await put(cells)) return true;
      } finally {
        setWaiting((n) => n - 1);
      }
      return await new Promise<boolean>((kept, failed) => {
        form.current = { kept, failed };
      });
    },
    [put],
  );

  const ask = useCallback((cells: readonly RosterCell[]) => send(cells, true, "").catch(() => null), [send]);

  const keep = useCallback(async () => {
    const cells = pending?.cells;
    setPending(null);
    if (!cells) return;
    await busily(async () => {
      try {
        const changed = await commit(cells);
        did(changed);
        // Else somebody was faster, and it is pending again.
        if (changed) form.current?.kept(true);
      } catch (problem) {
        if (!form.current) throw problem;
        form.current.failed(problem);
      }
    });
  }, [pending, busily, commit, did]);

  const discard = useCallback(() => {
    setPending(null);
    form.current?.kept(false);
  }, []);

  const back = useCallback(
    async (from: "undo" | "redo") => {
      const step = steps[from].at(-1);
      if (!step) return;
      await busily(async () => {
        const changed = await commit(inverse(step));
        if (!changed) return;
        const to = from === "undo" ? "redo" : "undo";
        setSteps((was) => ({
          ...was,
          tag: changed.draft.tag,
          [from]: was[from].slice(0, -1),
          [to]: [...was[to], changed.changes],
        }));
        tellDone(t(from === "undo" ? "sched.undone" : "sched.redone"));
      });
    },
    [steps, busily, commit, t],
  );

  return useMemo(
    () => ({
      draft,
      roster,
      verdict,
      last,
      busy: waiting > 0,
      pending,
      propose,
      offer,
      ask,
      keep,
      discard,
      undo: steps.undo.length ? () => back("undo") : null,
      redo: steps.redo.length ? () => back("redo") : null,
      take: (changed) => {
        take(changed);
        did(changed);
      },
    }),
    [
      draft,
      roster,
      verdict,
      last,
      waiting,
      pending,
      propose,
      offer,
      ask,
      keep,
      discard,
      steps,
      back,
      take,
      did,
    ],
  );
}
