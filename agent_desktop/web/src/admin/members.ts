/** Queues and skills of an agent between the form's lists and the row's short texts. */

/** An agent in a queue: the ring from which they are asked, and who goes before whom within it. */
export interface Member {
  id: string;
  level: number;
  penalty: number;
}

/** The members of `["vip", {queue: "vip", level: 2, penalty: 5}]`. */
export function readMembers(value: unknown): Member[] {
  return (Array.isArray(value) ? value : []).map((one) => {
    if (typeof one === "string") return { id: one, level: 1, penalty: 0 };
    const { queue, level, penalty } = one as { queue: string; level?: number; penalty?: number };
    return { id: queue, level: level ?? 1, penalty: penalty ?? 0 };
  });
}

/** As the row has them: the queue alone where level and penalty say nothing. */
export function writeMembers(members: readonly Member[]): unknown[] {
  return members.map(({ id, level, penalty }) =>
    level === 1 && penalty === 0 ? id : { queue: id, level, penalty },
  );
}

/** The skills of `["english", "wealth/3"]`. */
export function readSkills(value: unknown): Member[] {
  return (Array.isArray(value) ? value.map(String) : []).map((text) => {
    const [id = "", level] = text.split("/");
    return { id, level: Number(level ?? 1) || 1, penalty: 0 };
  });
}

export function writeSkills(skills: readonly Member[]): string[] {
  return skills.map(({ id, level }) => (level === 1 ? id : `${id}/${level}`));
}

/** What an entry of a list of rows points to: `vip`, `{queue: "vip"}` and `english/3` alike. */
export function idOf(entry: unknown): string {
  if (typeof entry === "object" && entry) return String((entry as { queue?: unknown }).queue ?? "");
  return String(entry).split("/")[0] ?? "";
}

/** `{voice: 1, chat: 3}` as `["voice 1", "chat 3"]`; what is being typed stays as it is. */
export function capacityTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return Object.entries((value ?? {}) as Record<string, number>).map(
    ([channel, number]) => `${channel} ${number}`,
  );
}

/** The capacity people mean, null when a text cannot be read. */
export function readCapacity(value: unknown): Record<string, number> | null {
  const read: Record<string, number> = {};
  for (const text of capacityTexts(value)) {
    const found = /^\s*([a-z][a-z0-9_-]*)\s*[ =:：]\s*(\d{1,3})\s*$/i.exec(text);
    if (!found?.[1] || !found[2]) return null;
    read[found[1].toLowerCase()] = Number(found[2]);
  }
  return read;
}

/** `["21:00", "08:00"]` as text; empty for no time at all. */
export function spanText(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === "string" ? value : "";
  return value[0] === value[1] ? "" : value.join("-");
}

/** A span of one day or over midnight as its two ends, equal ends for none; null when it cannot be read. */
export function readSpan(value: unknown): [string, string] | null {
  const text = spanText(value)
    .replaceAll("：", ":")
    .replace(/[–—－~～至]/g, "-");
  if (!text.trim()) return ["00:00", "00:00"];
  const found = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(text);
  if (!found) return null;
  return [`${found[1]?.padStart(2, "0")}:${found[2]}`, `${found[3]?.padStart(2, "0")}:${found[4]}`];
}
