/** What somebody is typing, so that a reload of the page does not lose it; nobody else at this desk reads it. */

import { useCallback, useEffect, useState } from "react";

/** Where it is kept: why somebody asks for leave is not shown to whoever signs in next. */
export function keptAt(user: string, name: string): string {
  return `callfloor.kept.${name}/${user}`;
}

/** Keep a text in this tab. */
export function keep(place: string, text: string): void {
  try {
    sessionStorage.setItem(place, text);
  } catch {
    // There is no room: a reload would lose it, what is on now goes on.
  }
}

/** Like `useState`, kept in this tab for a user under a name until it is forgotten. */
export function useKept<T extends object>(
  user: string,
  name: string,
  empty: T,
): [T, (change: Partial<T>) => void, () => void] {
  const key = keptAt(user, name);
  const [value, setValue] = useState<T>(() => {
    try {
      return { ...empty, ...(JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<T>) };
    } catch {
      return empty;
    }
  });
  const [forgotten, setForgotten] = useState(true);
  useEffect(() => {
    if (forgotten) return;
    keep(key, JSON.stringify(value));
  }, [key, value, forgotten]);
  const change = useCallback((next: Partial<T>) => {
    setForgotten(false);
    setValue((was) => ({ ...was, ...next }));
  }, []);
  const forget = useCallback(() => {
    setForgotten(true);
    sessionStorage.removeItem(key);
  }, [key]);
  return [value, change, forget];
}
