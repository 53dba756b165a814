/** A request in a sentence, and what state it is in. */

import { dayWords } from "../shared/format";
import type { RosterRequestShown } from "../shared/schema";
import type { Words } from "../shared/words";

type Request = RosterRequestShown;

/** What is asked for; `mine`: the one who asks is whoever reads it. */
export function requestWords(one: Request, t: Words["t"], language: string): string {
  const day = dayWords(one.day, language);
  const other = one.other_name || one.other || "";
  switch (one.kind) {
    case "swap":
      return one.other_day && one.other_day !== one.day
        ? t("roster.request.swap_days", day, other, dayWords(one.other_day, language))
        : t("roster.request.swap", day, other);
    case "give":
      return t("roster.request.give", day, other);
    case "bid":
      return t("roster.request.bid", day, one.shift);
    case "leave":
      return t("roster.request.leave", day);
    case "wish":
      if (!one.want) return t("roster.request.wish_off", day);
      return one.shift ? t("roster.request.wish_shift", day, one.shift) : t("roster.request.wish_on", day);
  }
}

export type Waits = "other" | "decision" | "approved" | "refused" | "withdrawn" | "declined";

/** Whom it waits for, or how it ended. */
export function waitsFor(one: Request): Waits {
  if (one.state === "approved" || one.state === "withdrawn") return one.state;
  if (one.state === "refused")
    return one.decided_by && isForTwo(one) && one.agreed_at === null ? "declined" : "refused";
  return one.state === "asked" && isForTwo(one) ? "other" : "decision";
}

export function isForTwo(one: Pick<Request, "kind">): boolean {
  return one.kind === "swap" || one.kind === "give";
}

export function isOpen(one: Pick<Request, "state">): boolean {
  return one.state === "asked" || one.state === "agreed";
}

export const WAIT_COLORS: Record<Waits, string> = {
  other: "blue",
  decision: "orange",
  approved: "teal",
  refused: "red",
  declined: "red",
  withdrawn: "gray",
};

/** Those that can be decided first, then those that wait for somebody; the oldest of each first. */
export function waitingFirst(requests: readonly Request[]): Request[] {
  const rank = (one: Request) => (waitsFor(one) === "decision" ? 0 : 1);
  return [...requests].sort((a, b) => rank(a) - rank(b) || a.asked_at - b.asked_at || a.id - b.id);
}

/** The names of those a request is about, by their ids. */
export function namesOf(one: Request): Map<string, string> {
  const names = new Map([[one.person, one.person_name || one.person]]);
  if (one.other) names.set(one.other, one.other_name || one.other);
  return names;
}
