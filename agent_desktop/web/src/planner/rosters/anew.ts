/** What a day anew is asked for. */

export interface Wanted {
  kind: "replan" | "breaks" | "duties";
  day: string;
  /** Minutes of the day; what began before stays. */
  from: number;
  ill: readonly string[];
  /** The kind of work with more calls, and by how many per cent. */
  name: string | null;
  more: number;
}

/** What is sent: of each kind what it takes. */
export function anewBody({ kind, day, from, ill, name, more }: Wanted) {
  return {
    kind,
    day,
    from_minute: from,
    ...(kind === "replan" ? { ill: ill.map((person) => ({ person })) } : {}),
    ...(kind !== "breaks" && name ? { demand: [{ name, factor: 1 + more / 100 }] } : {}),
  };
}

/** Whether a proposal is of what is wanted now: what was asked before is not accepted by mistake. */
export function isOf(asked: Wanted | null, now: Wanted): boolean {
  return asked !== null && JSON.stringify(anewBody(asked)) === JSON.stringify(anewBody(now));
}

/** A proposal under way, kept so that a reload of the page does not lose sight of it. */
export interface Sought {
  number: number;
  asked: Wanted;
}

/** Under which name that of a draft or a published roster (its path) is kept. */
export function soughtName(path: string): string {
  return `anew.${path}`;
}

/** What was kept; what is not that is left. */
export function readSought(text: string | null): Sought | null {
  try {
    const { number, asked } = JSON.parse(text ?? "null") as Sought;
    const whole =
      Number.isInteger(number) &&
      ["replan", "breaks", "duties"].includes(asked.kind) &&
      typeof asked.day === "string" &&
      typeof asked.from === "number" &&
      typeof asked.more === "number" &&
      (asked.name === null || typeof asked.name === "string") &&
      Array.isArray(asked.ill);
    return whole ? { number, asked } : null;
  } catch {
    return null;
  }
}
