/** Opening hours between the form's lines and the row's table. */

export type Hours = Record<string, [string, string][]>;

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export function hoursText(hours: Hours): string {
  return DAYS.filter((day) => hours[day]?.length)
    .map((day) => `${day} ${(hours[day] ?? []).map(([a, b]) => `${a}-${b}`).join(" ")}`)
    .join("\n");
}

/** The table the lines mean, or null when a line cannot be read. */
export function readHours(text: string): Hours | null {
  const hours: Hours = {};
  for (const line of text.split("\n")) {
    const [day, ...spans] = line.trim().toLowerCase().split(/\s+/);
    if (!day) continue;
    if (!(DAYS as readonly string[]).includes(day) || spans.length === 0) return null;
    const read: [string, string][] = [];
    for (const span of spans) {
      const match = /^([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(span);
      const [from, to] = span.split("-");
      if (!match || !from || !to || from >= to) return null;
      read.push([from, to]);
    }
    hours[day] = read;
  }
  return hours;
}
