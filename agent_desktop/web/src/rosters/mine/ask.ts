/** The form in which an agent asks for something, and the requests that come of it. */

import type { RosterRequestBody } from "../../shared/schema";
import { daysFrom, isDay } from "../days";

export const KINDS = ["swap", "give", "bid", "leave", "wish"] as const;
export type Kind = (typeof KINDS)[number];

export interface Form {
  kind: Kind;
  day: string;
  /** Of leave: the last day of it. */
  until: string;
  other: string;
  /** Of a swap: the colleague's day, "" for the same one. */
  otherDay: string;
  shift: string;
  want: boolean;
  words: string;
}

/** Days of leave that can be asked for at once. */
export const MOST_DAYS = 31;

export function emptyForm(kind: Kind, day: string): Form {
  return { kind, day, until: day, other: "", otherDay: "", shift: "", want: false, words: "" };
}

/** Whether all is said that must be. */
export function complete(form: Form): boolean {
  if (!isDay(form.day)) return false;
  if (form.kind === "leave") {
    const days = daysFrom(form.day, form.until).length;
    return days > 0 && days <= MOST_DAYS;
  }
  if (form.kind === "swap" || form.kind === "give") return form.other !== "";
  return form.kind !== "bid" || form.shift !== "";
}

/** What is sent: of leave a request for each day, which can be decided by itself. */
export function bodies(form: Form): RosterRequestBody[] {
  const { kind, day, words } = form;
  const one = { kind, day, words };
  switch (kind) {
    case "swap":
      return [
        {
          ...one,
          other: form.other,
          ...(form.otherDay && form.otherDay !== day ? { other_day: form.otherDay } : {}),
        },
      ] as RosterRequestBody[];
    case "give":
      return [{ ...one, other: form.other }] as RosterRequestBody[];
    case "bid":
      return [{ ...one, shift: form.shift }] as RosterRequestBody[];
    case "leave":
      return daysFrom(day, form.until).map((each) => ({ kind, day: each, words })) as RosterRequestBody[];
    case "wish":
      return [
        { ...one, want: form.want, ...(form.want && form.shift ? { shift: form.shift } : {}) },
      ] as RosterRequestBody[];
  }
}

/** The form with what is still to be sent, once so many of its requests are. */
export function left(form: Form, sent: number): Form {
  const day = bodies(form)[sent]?.day;
  return day ? { ...form, day } : form;
}

/** A form that was kept; what is not one is left. */
export function readForm(text: string | null): Form | null {
  if (!text) return null;
  try {
    const found = JSON.parse(text) as Partial<Form>;
    if (!KINDS.includes(found.kind as Kind) || typeof found.day !== "string") return null;
    return { ...emptyForm(found.kind as Kind, found.day), ...found };
  } catch {
    return null;
  }
}
