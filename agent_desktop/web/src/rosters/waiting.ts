/** How many requests wait for whoever is signed in, for the badge in the navigation. */

import { useEffect, useState } from "react";
import { api } from "../shared/api";
import type { Me, MyWaiting } from "../shared/schema";

/** How often it is asked for, in ms. */
const EVERY_MS = 60_000;
const CHANGED = "callfloor:requests";

/** Something was asked, agreed to or decided here: badges count anew. */
export function requestsChanged(): void {
  window.dispatchEvent(new Event(CHANGED));
}

/** Work to do when something was asked, agreed to or decided on this page. */
export function onRequestsChanged(work: () => void): () => void {
  window.addEventListener(CHANGED, work);
  return () => window.removeEventListener(CHANGED, work);
}

export function useWaiting(me: Me): MyWaiting {
  const [waiting, setWaiting] = useState<MyWaiting>({ decide: 0, agree: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: somebody else has others that wait
  useEffect(() => {
    let current = true;
    const look = () =>
      api.get<MyWaiting>("/api/rosters/mine/waiting").then(
        (now) => current && setWaiting(now),
        // Not reached now: it is asked again.
        () => undefined,
      );
    void look();
    const timer = setInterval(look, EVERY_MS);
    const end = onRequestsChanged(look);
    return () => {
      current = false;
      clearInterval(timer);
      end();
    };
  }, [me.user]);
  return waiting;
}
