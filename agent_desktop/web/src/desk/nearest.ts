import type { NearView } from "../shared/types";

/** Calls to pick up in the order of need: what rings goes before what waits, the longest first. */
export function nearest(near: Record<string, NearView>): NearView[] {
  const rings = (call: NearView) => (call.rings_at.length ? 0 : 1);
  return Object.values(near).sort(
    (a, b) => rings(a) - rings(b) || (a.since ?? 0) - (b.since ?? 0) || (a.id < b.id ? -1 : 1),
  );
}
