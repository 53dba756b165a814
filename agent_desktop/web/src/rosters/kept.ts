/** What somebody is typing, so that a reload of the page does not lose it. */

import { useCallback, useEffect, useState } from "react";

/** Like `useState`, kept in this tab under a name until it is forgotten. */
export function useKept<T extends object>(
  name: string,
  empty: T,
): [T, (change: Partial<T>) => void, () => void] {
  const key = `callfloor.kept.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      return { ...empty, ...(JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<T>) };
    } catch {
      return empty;
    }
  });
  const [forgotten, setForgotten] = useState(true);
  useEffect(() => {
    if (!forgotten) sessionStorage.setItem(key, JSON.stringify(value));
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
