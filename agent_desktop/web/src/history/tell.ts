/** One line of a call's story in the page's words: by its kind and particulars, or as the server said it. */

import type { StoryLine } from "../shared/schema";
import { clock } from "../shared/time";
import type { Words } from "../shared/words";
import { wordOr } from "../shared/words/choice";

/** What ids stand for. */
export interface Names {
  agent: (id: string) => string;
  queue: (id: string) => string;
  tier: (id: string) => string;
  /** A wrap-up code. */
  code: (id: string) => string;
}

/** An agent who was looked at for a call. */
export interface Considered {
  agent: string;
  filtered: string;
  handled_s: number;
  idle_s: number;
  missed: number;
  preferred: boolean;
}

export interface Teller {
  t: Words["t"];
  names: Names;
}

type Tell = (p: (name: string) => string, teller: Teller) => string;

const TELL: Record<string, Tell> = {
  arrived: (p, { t }) => t("tell.arrived", p("caller") || t("call.anonymous"), p("dialled")),
  digit: (p) => p("digit"),
  identified: (p, { t, names }) => {
    if (p("match") === "one") return [p("name"), names.tier(p("tier"))].filter(Boolean).join(" · ");
    if (p("match") === "many") return t("tell.many", p("count"));
    return t(p("match") === "none" ? "card.none" : "card.failed");
  },
  leg_answered: (p, { t }) => line(p("leg"), t),
  leg_ended: (p, { t }) => `${line(p("leg"), t)} · ${wordOr(t, "ended.", p("reason"))}`,
  transfer: (p, { t, names }) => {
    const to = p("to") === "agent" ? names.agent(p("target")) : p("target");
    return t("tell.from_to", names.agent(p("agent")), p("to") === "queue" ? names.queue(to) : to);
  },
  picked_up: (p, { t, names }) => t("tell.by", names.agent(p("agent"))),
  assigned: (p, { t, names }) => t("tell.to_by", names.agent(p("agent")), p("by")),
  priority: (p, { t, names }) =>
    [t("tell.priority", p("priority")), p("by") ? t("tell.by", p("by")) : names.tier(p("tier"))]
      .filter(Boolean)
      .join(" · "),
  dial_asked: (p, { t, names }) => `${p("number")} · ${t("tell.by", names.agent(p("agent")))}`,
  dialled: (p) => p("number"),
  not_reached: (p, { names }) => names.agent(p("agent")),
  callback_asked: (p, { t, names }) =>
    `${p("number")} · ${names.queue(p("queue"))} · ${t("tell.by", p("by"))}`,
  callback_cancelled: (p, { t }) => t("tell.by", p("by")),
  callback_proposed: (p, { t }) => place(p, t),
  callback_kept: (p, { names }) => `${p("number")} · ${names.queue(p("queue"))}`,
  callback_over: (p, { t }) => wordOr(t, "over.", p("reason")),
  offered: (p, { t, names }) => {
    const to = p("queue") ? t("tell.to_in", names.agent(p("agent")), names.queue(p("queue"))) : p("dial");
    const waited = Number(p("waited_s"));
    return [
      to,
      strategy(p("strategy"), t),
      p("queue") ? t("tell.standing", p("priority"), clock(waited), p("ahead_of")) : "",
    ]
      .filter(Boolean)
      .join(" · ");
  },
  rescinded: (p, { t, names }) => `${names.agent(p("agent"))} · ${wordOr(t, "rescinded.", p("reason"))}`,
  returned: (p, { t, names }) =>
    [names.queue(p("queue")), wordOr(t, "returned.", p("reason")), p("target"), quoted(p("message"))]
      .filter(Boolean)
      .join(" · "),
  overflowed: (p, { t, names }) => t("tell.from_to", names.queue(p("queue")), names.queue(p("target"))),
  announced: (p, { t }) => [quoted(p("message")), place(p, t)].filter(Boolean).join(" · "),
  phase: (p, { t }) => wordOr(t, "call.phase.", p("phase")),
  wrapped_up: (p, { names }) => `${names.agent(p("agent"))} · ${clock(Number(p("wrap_s")))}`,
  noted: (p, { names }) => [names.agent(p("agent")), names.code(p("code"))].filter(Boolean).join(" · "),
  finished: (p, { t }) =>
    [
      wordOr(t, "outcome.", p("outcome")),
      t("tell.ended_by", wordOr(t, "by.", p("ended_by"))),
      p("transferred_to"),
    ]
      .filter(Boolean)
      .join(" · "),
};

/** The particulars of a line in words. */
export function detail(one: StoryLine, teller: Teller): string {
  const tell = TELL[one.kind];
  if (!tell) return one.detail;
  return tell((name) => String(one.params[name] ?? ""), teller);
}

/** Who was looked at for an offer, best first; none when the line does not say. */
export function considered(one: StoryLine): Considered[] {
  try {
    const found: unknown = JSON.parse(String(one.params.candidates ?? "[]"));
    return Array.isArray(found) ? (found as Considered[]) : [];
  } catch {
    return [];
  }
}

/** Whose line it is: the legs we ring are named after the call, with a number. */
function line(leg: string, t: Words["t"]): string {
  return t(leg.includes(".") ? "tell.leg.rung" : "tell.leg.caller");
}

function place(p: (name: string) => string, t: Words["t"]): string {
  return [
    p("position") ? t("tell.position", p("position")) : "",
    p("wait_s") ? t("tell.wait", clock(Number(p("wait_s")))) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function strategy(name: string, t: Words["t"]): string {
  const by = /^assigned by (.+)$/.exec(name);
  if (by) return t("tell.assigned", by[1] ?? "");
  if (name === "picked up") return t("story.picked up");
  if (name === "dialled") return t("story.dialled");
  return wordOr(t, "strategy.", name);
}

function quoted(text: string): string {
  return text ? `“${text}”` : "";
}
