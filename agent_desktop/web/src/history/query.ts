/** The search as the server wants it: days of this machine's calendar become milliseconds, the last day included. */
export function historyQuery(q: string, from: string, to: string, limit = 200): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (q.trim()) query.set("q", q.trim());
  if (from) query.set("from", String(new Date(`${from}T00:00:00`).getTime()));
  if (to) {
    const end = new Date(`${to}T00:00:00`);
    end.setDate(end.getDate() + 1);
    query.set("to", String(end.getTime()));
  }
  return query.toString();
}
