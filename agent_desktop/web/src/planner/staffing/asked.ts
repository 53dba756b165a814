/** What staffing is asked for, as it stands in the form: percent and seconds, empty for what is not asked. */

import type { RequirementBody, ShrinkageRow, TargetBody } from "../../shared/schema";

/** How service level is counted; the first is the strictest, by which plans are made. */
export const DEFINITIONS: readonly TargetBody["definition"][] = [
  "answered_in_target_of_all",
  "in_target_of_all",
  "answered_in_target_of_answered",
  "answered_in_target_of_all_but_abandoned_in_target",
  "answered_in_target_or_short_of_all",
  "virtual",
];

export type Typed = number | "";

export interface Asked {
  service_level: Typed;
  within_s: Typed;
  definition: TargetBody["definition"];
  asa_s: Typed;
  abandonment: Typed;
  occupancy: Typed;
  /** Empty: nobody ever hangs up. */
  patience_s: Typed;
  aht_s: Typed;
  minimum: Typed;
  open_minimum: Typed;
  shrinkage: { reason: string; percent: Typed; of: ShrinkageRow["of"] }[];
}

export const USUAL: Asked = {
  service_level: 80,
  within_s: 20,
  definition: "answered_in_target_of_all",
  asa_s: "",
  abandonment: "",
  occupancy: "",
  patience_s: 180,
  aht_s: "",
  minimum: 0,
  open_minimum: 1,
  shrinkage: [],
};

const share = (percent: Typed) => (percent === "" ? null : Math.round(percent * 1000) / 100_000);
const orNull = (value: Typed) => (value === "" || value === 0 ? null : value);

/** As the server wants it; null while no target is named. */
export function bodyOf(asked: Asked): RequirementBody | null {
  const target = {
    service_level: share(orNull(asked.service_level) ?? ""),
    within_s: asked.within_s === "" ? 20 : asked.within_s,
    definition: asked.definition,
    answered: null,
    asa_s: orNull(asked.asa_s),
    abandonment: share(orNull(asked.abandonment) ?? ""),
    occupancy: share(orNull(asked.occupancy) ?? ""),
  };
  if (
    target.service_level === null &&
    !target.asa_s &&
    target.abandonment === null &&
    target.occupancy === null
  )
    return null;
  return {
    target,
    patience_s: orNull(asked.patience_s),
    aht_s: orNull(asked.aht_s),
    shrinkage: asked.shrinkage
      .filter((one) => one.reason.trim() && one.percent !== "")
      .map((one) => ({ reason: one.reason.trim(), share: share(one.percent) ?? 0, of: one.of })),
    minimum: asked.minimum || 0,
    open_minimum: asked.open_minimum || 0,
    interval_min: null,
    version: null,
    note: "",
  };
}

const percent = (value: number | null | undefined): Typed =>
  value === null || value === undefined ? "" : Math.round(value * 100_000) / 1000;

/** What was asked once, back in the form. */
export function askedOf(body: RequirementBody): Asked {
  return {
    service_level: percent(body.target?.service_level),
    within_s: body.target?.within_s ?? 20,
    definition: body.target?.definition ?? USUAL.definition,
    asa_s: body.target?.asa_s ?? "",
    abandonment: percent(body.target?.abandonment),
    occupancy: percent(body.target?.occupancy),
    patience_s: body.patience_s ?? "",
    aht_s: body.aht_s ?? "",
    minimum: body.minimum ?? 0,
    open_minimum: body.open_minimum ?? 0,
    shrinkage: (body.shrinkage ?? []).map((one) => ({
      reason: one.reason,
      percent: percent(one.share),
      of: one.of,
    })),
  };
}

/** Of people paid, the share in percent who take no calls: of those present after leave, breaks take theirs. */
export function shrinkageOf(asked: Asked): number {
  const away = { paid: 0, present: 0 };
  for (const one of asked.shrinkage) away[one.of] += (one.percent || 0) / 100;
  return (1 - (1 - away.paid) * (1 - away.present)) * 100;
}

/** What was kept on this machine, or nothing if it is something else. */
export function readAsked(text: string | undefined): Asked {
  try {
    const read: unknown = JSON.parse(text ?? "");
    if (read && typeof read === "object" && Array.isArray((read as Asked).shrinkage))
      return { ...USUAL, ...(read as Asked) };
  } catch {
    // Nothing was kept, or by an older page.
  }
  return USUAL;
}
