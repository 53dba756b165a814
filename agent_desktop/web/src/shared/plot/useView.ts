/** The stretch a plot shows, in the page's address: a reload or a link shows the same. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearch } from "../path";
import { readView, writeView } from "./address";
import { type Limits, type Move, moved, type View } from "./view";
import type { ZoneClock } from "./zone";

/** The address follows when the plot has stood still so long, in ms. */
const STILL_MS = 250;

/** `name` is the address's; `usual` is shown where it says nothing. */
export function useView(
  name: string,
  limits: Limits,
  usual: View,
  clock: ZoneClock,
): [View, (move: Move) => void] {
  const [search, change] = useSearch();
  const text = search.get(name) ?? "";
  const asked = useMemo(() => readView(text, clock), [text, clock]);
  const [view, setView] = useState<View | null>(asked);
  const timer = useRef(0);
  const shown = useMemo(() => {
    const wanted = view ?? usual;
    return moved(wanted, { kind: "show", ...wanted }, limits);
  }, [view, usual, limits]);
  const now = useRef(shown);
  now.current = shown;

  // Going back and forth in the browser, or following a link to another stretch.
  const written = useRef(text);
  useEffect(() => {
    if (text === written.current) return;
    written.current = text;
    setView(asked);
  }, [text, asked]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const move = useCallback(
    (one: Move) => {
      const next = moved(now.current, one, limits);
      if (next.from === now.current.from && next.to === now.current.to) return;
      now.current = next;
      setView(next);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        written.current = one.kind === "all" ? "" : writeView(now.current, clock);
        change({ [name]: written.current });
      }, STILL_MS);
    },
    [limits, clock, change, name],
  );
  return [shown, move];
}
