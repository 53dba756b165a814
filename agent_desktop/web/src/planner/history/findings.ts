/** Findings on a plot and in words: what stands out, and what was done about it. */

import { callsWords } from "../../shared/format";
import { firstFrom } from "../../shared/plot/columns";
import type { Mark, Shape, Stretch } from "../../shared/plot/layers";
import { DAY } from "../../shared/plot/zone";
import type { FindingShown } from "../../shared/schema";
import type { Words } from "../../shared/words";
import { wordOr } from "../../shared/words/choice";
import { holidayWords } from "../holidays";
import type { Picture } from "./data";

type Look = Pick<FindingShown, "kind" | "state">;

const SHAPES: Record<string, Shape> = {
  spike: "up",
  outage: "down",
  dip: "down",
  unusual_day: "diamond",
  level_shift: "diamond",
  duplicate: "square",
  missing: "ring",
  holiday: "bar",
  event: "bar",
};

/** The shape says what it is, so that nobody needs the colours. */
export function shapeOf(kind: string): Shape {
  return SHAPES[kind] ?? "diamond";
}

export function colorOf({ state }: Look): string {
  if (state === "proposed") return "var(--cf-plot-mark)";
  return state === "undone" ? "var(--cf-plot-undone)" : "var(--cf-plot-settled)";
}

export function kindWords(kind: string, t: Words["t"]): string {
  return wordOr(t, "plan.kind.", kind);
}

/** The calendar explains it: it is learnt apart, and `said` is its name. */
export function isExplained(one: Pick<FindingShown, "kind">): boolean {
  return one.kind === "holiday" || one.kind === "event";
}

/** What it is: the holiday by its name, everything else by its kind. */
export function nameWords(one: FindingShown, t: Words["t"]): string {
  return isExplained(one) && one.said ? holidayWords(one.said, t) : kindWords(one.kind, t);
}

/** What counts instead of what was counted. */
export function doneWords(one: FindingShown, t: Words["t"], locale: string): string {
  const raw = callsWords(one.calls, locale);
  const usual = callsWords(one.expected, locale);
  if (one.state === "undone") return t("plan.finding.raw", raw, usual);
  if (one.action === "leave" && one.state !== "changed") return t("plan.finding.kept", raw, usual);
  if (one.cleaned === null) return t("plan.finding.unknown", raw, usual);
  return t("plan.finding.instead", raw, usual, callsWords(one.cleaned, locale));
}

/** A mark where each finding begins, at the height of what was counted there, or is taken instead. */
export function marksOf(findings: readonly FindingShown[], picture: Picture, chosen: number | null): Mark[] {
  const { times, raw, cleaned, interval } = picture;
  return findings.flatMap((one) => {
    // The point the beginning lies in.
    let n = firstFrom(times, one.begin + 1) - 1;
    if (n < 0 || (times[n] as number) + interval <= one.begin) n++;
    const at = times[n];
    if (at === undefined || at >= Math.max(one.end, one.begin + interval)) {
      // Nothing was counted in all of it.
      return [mark(one, one.begin, 0, chosen)];
    }
    const value = Number.isNaN(raw[n]) ? cleaned[n] : raw[n];
    return [mark(one, at, value === undefined || Number.isNaN(value) ? 0 : value, chosen)];
  });
}

function mark(one: FindingShown, at: number, value: number, chosen: number | null): Mark {
  return {
    id: String(one.id),
    at,
    value,
    shape: shapeOf(one.kind),
    color: colorOf(one),
    chosen: one.id === chosen,
  };
}

/** The stretch of the finding that is looked at: about the points that stand for it, where days are drawn. */
export function stretchOf(one: FindingShown | undefined, picture: Picture): Stretch[] {
  if (!one) return [];
  const color = "var(--cf-plot-stretch)";
  if (picture.interval < DAY) return [{ from: one.begin, to: one.end, color, name: one.kind }];
  const point = (at: number) => picture.times[Math.max(0, firstFrom(picture.times, at + 1) - 1)] ?? at;
  const half = picture.interval / 2;
  return [{ from: point(one.begin) - half, to: point(one.end - 1) + half, color, name: one.kind }];
}

/** Those that wait to be decided first, each group the latest first. */
export function inOrder(findings: readonly FindingShown[]): FindingShown[] {
  return [...findings].sort(
    (a, b) => Number(b.state === "proposed") - Number(a.state === "proposed") || b.begin - a.begin,
  );
}
