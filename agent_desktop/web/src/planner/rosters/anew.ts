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
