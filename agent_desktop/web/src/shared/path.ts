/** The page's address as state: a handful of pages need no router library. */

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

/** Asked before the page is left; gets what leaving means. */
let guard: ((leave: () => void) => void) | null = null;
/** Where the page is, for going back there when the guard says stay. */
let here = typeof location === "undefined" ? "/" : location.pathname;

function moved(): void {
  here = location.pathname;
  for (const listener of listeners) listener();
}

function popped(): void {
  const to = location.pathname;
  if (!guard || to === here) {
    moved();
    return;
  }
  // The browser has already gone: come back, and go again when it is allowed.
  history.pushState(null, "", here);
  guard(() => push(to));
}

function push(path: string): void {
  history.pushState(null, "", path);
  moved();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("popstate", popped);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("popstate", popped);
  };
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

export function go(path: string): void {
  if (guard) guard(() => push(path));
  else push(path);
}

/** What the address says after `?`: the filters of a page, which a reload or a link keeps. */
export function useSearch(): [URLSearchParams, (change: Record<string, string | string[]>) => void] {
  const text = useSyncExternalStore(subscribe, () => location.search);
  const search = useMemo(() => new URLSearchParams(text), [text]);
  return [search, changeSearch];
}

/** Set or take away (`""`, `[]`) some of it, without a new entry in the browser's history. */
function changeSearch(change: Record<string, string | string[]>): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    search.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) if (one) search.append(name, one);
  }
  const text = search.toString();
  history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
  moved();
}

export type LeaveGuard = ReturnType<typeof useLeaveGuard>;

/** While `on`, nothing is left without asking: not by a link, the Back button, a reload, or `ask`. */
export function useLeaveGuard(on: boolean) {
  const [asking, setAsking] = useState(false);
  const leaving = useRef<(() => void) | null>(null);
  const ask = (leave: () => void) => {
    if (!on) {
      leave();
      return;
    }
    leaving.current = leave;
    setAsking(true);
  };
  useEffect(() => {
    if (!on) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    guard = (leave) => {
      leaving.current = leave;
      setAsking(true);
    };
    return () => {
      window.removeEventListener("beforeunload", warn);
      guard = null;
    };
  }, [on]);
  return {
    asking,
    ask,
    stay: () => setAsking(false),
    leave: () => {
      guard = null;
      setAsking(false);
      leaving.current?.();
    },
  };
}
