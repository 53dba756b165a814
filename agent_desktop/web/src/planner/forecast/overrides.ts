/** Overrides as they are written, checked and told. */

import { percentWords } from "../../shared/format";
import { minuteText } from "../../shared/plot/zone";
import type { ForecastShown, OverrideBody, OverrideShown } from "../../shared/schema";
import type { Words } from "../../shared/words";

/** What is in the form; texts until they can be read. */
export interface Draft {
  measure: "calls" | "aht_s";
  how: "amount" | "percent" | "shape";
  value: number | "";
  shape: string;
  first: string;
  last: string;
  /** `09:00`; empty for the ends of the day. */
  from: string;
  to: string;
  weekly: boolean;
  reason: string;
}

/** Nobody overrides the past: an empty form begins today, or where the forecast does. */
export function blankDraft(forecast: Pick<ForecastShown, "first" | "last">, today: string): Draft {
  const first = today > forecast.first && today <= forecast.last ? today : forecast.first;
  return {
    measure: "calls",
    how: "percent",
    value: "",
    shape: "",
    first,
    last: first,
    from: "",
    to: "",
    weekly: false,
    reason: "",
  };
}

/** Weights as people write them: figures with anything between them; null where there is something else. */
export function readShape(text: string): number[] | null {
  const parts = text.split(/[\s,;，；]+/).filter(Boolean);
  const weights = parts.map(Number);
  return weights.length &&
    weights.every((one) => Number.isFinite(one) && one >= 0) &&
    weights.some((one) => one > 0)
    ? weights
    : null;
}

/** Minutes after midnight of `09:30`; null for what is no time. */
export function readMinute(text: string): number | null {
  const found = /^(\d{1,2}):([0-5]\d)$/.exec(text.trim().replace("：", ":"));
  const minute = found ? Number(found[1]) * 60 + Number(found[2]) : Number.NaN;
  return minute <= 1440 ? minute : null;
}

/** What the form says as the server wants it, or null while it says nothing whole; the reason may be missing. */
export function bodyOf(draft: Draft): OverrideBody | null {
  const from = draft.from ? readMinute(draft.from) : 0;
  const to = draft.to ? readMinute(draft.to) : 1440;
  const shape = draft.how === "shape" ? readShape(draft.shape) : [];
  const value = draft.how === "shape" ? 0 : draft.value;
  if (from === null || to === null || to <= from || shape === null || value === "" || !draft.first)
    return null;
  if (draft.how !== "shape" && value === 0) return null;
  if (!draft.last || draft.last < draft.first) return null;
  return {
    measure: draft.how === "shape" ? "calls" : draft.measure,
    how: draft.how,
    value,
    shape,
    first: draft.first,
    last: draft.last,
    from_slot: from,
    to_slot: to,
    weekly: draft.weekly,
    reason: draft.reason.trim(),
  };
}

type Said = Pick<OverrideShown, "how" | "value" | "measure">;

/** `+10.0% calls`. */
export function changeWords(one: Said, t: Words["t"], locale: string): string {
  if (one.how === "shape") return t("plan.override.shape");
  const measure = t(one.measure === "calls" ? "plan.override.calls" : "plan.override.aht");
  if (one.how === "percent") return `${percentWords(one.value, locale, true)} ${measure}`;
  const value = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(
    one.value,
  );
  return one.measure === "calls" ? t("plan.override.a_day", value) : `${t("unit.s.of", value)} ${measure}`;
}

/** `09:00–18:00`, nothing for the whole day. */
export function slotsWords(one: Pick<OverrideShown, "from_slot" | "to_slot">): string {
  return one.from_slot === 0 && one.to_slot === 1440
    ? ""
    : `${minuteText(one.from_slot)}–${minuteText(one.to_slot)}`;
}
