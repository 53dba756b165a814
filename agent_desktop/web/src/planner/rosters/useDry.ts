/** What a change would do, asked a moment after it stops changing; the newest answer counts. */

import { useEffect, useRef, useState } from "react";
import type { RosterCell, RosterChanged } from "../../shared/schema";
import type { Editing } from "./useEditing";

const WAIT_MS = 150;

export interface Dry {
  cells: readonly RosterCell[] | null;
  changed: RosterChanged | null;
}

export function useDry(cells: readonly RosterCell[] | null, ask: Editing["ask"]): Dry {
  const [answer, setAnswer] = useState<Dry>({ cells: null, changed: null });
  const text = cells?.length ? JSON.stringify(cells) : "";
  const asked = useRef("");
  useEffect(() => {
    asked.current = text;
    if (!text) {
      setAnswer({ cells: null, changed: null });
      return;
    }
    const wanted = JSON.parse(text) as RosterCell[];
    const timer = setTimeout(() => {
      ask(wanted).then((changed) => {
        if (asked.current === text) setAnswer({ cells: wanted, changed });
      });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, ask]);
  // An answer to what is no longer asked is none.
  return answer.cells && JSON.stringify(answer.cells) === text ? answer : { cells: null, changed: null };
}
