/** The filters of a page as they stand in its address, and as the server wants them. */

import { dayStart } from "../shared/span";

/** What calls are looked for by, as it stands in the page's address; `from` and `to` are days of this machine. */
export const FILTERS = ["queue", "agent", "outcome", "tier", "dialled"] as const;

/** The search as the server wants it: days become milliseconds, the last day included. */
export function historyQuery(search: URLSearchParams, limit = 200, before = ""): string {
  const query = new URLSearchParams({ limit: String(limit) });
  const q = search.get("q")?.trim();
  if (q) query.set("q", q);
  const from = search.get("from");
  const to = search.get("to");
  if (from) query.set("from", String(dayStart(from)));
  if (to) query.set("to", String(dayStart(to, 1)));
  for (const name of FILTERS) for (const one of search.getAll(name)) query.append(name, one);
  const direction = search.get("direction");
  if (direction === "in" || direction === "out") query.set("direction", direction);
  const wait = Number(search.get("wait"));
  if (wait > 0) query.set("min_wait_s", String(wait));
  if (before) query.set("before", before);
  return query.toString();
}

/** How many filters are set beside words and days. */
export function filtersSet(search: URLSearchParams): number {
  const single = ["direction", "wait"].filter((name) => search.get(name));
  return single.length + FILTERS.filter((name) => search.has(name)).length;
}
