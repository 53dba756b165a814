/** What is wrong with a row, field by field: seen here before it is sent, or said by the server. */

import type { Problem } from "../shared/api";
import type { Words } from "../shared/words";
import { type AdminKind, FIELDS, type Field, isShown, NATURAL, PER_UNIT, type Row } from "./fields";
import { DAYS, readSpans } from "./hours";
import { readCapacity, readSpan } from "./members";
import { recipeFaults } from "./recipeFaults";

/** Field to what is wrong with it; `""` holds what belongs to no field. */
export type Faults = Readonly<Record<string, string>>;

/** Everything that can be told without the server. */
export function check(kind: AdminKind, row: Row, isNew: boolean, t: Words["t"]): Faults {
  const faults: Record<string, string> = {};
  if (isNew && NATURAL.has(kind) && !row.id.trim()) faults.id = t("fault.missing");
  for (const field of FIELDS[kind]) {
    if (!isShown(field, row)) continue;
    const wrong = fault(field, row[field.name], isNew, t);
    if (wrong) faults[field.name] = wrong;
  }
  if (kind === "tiers" && typeof row.high === "number" && row.high <= Number(row.low ?? 0))
    faults.high = t("fault.over", Number(row.low ?? 0));
  if (kind === "queues" && Number(row.age_cap ?? 200) < Number(row.base_priority ?? 0))
    faults.age_cap = t("fault.cap", Number(row.base_priority));
  const every = row["announce.every_s"];
  if (typeof every === "number" && every > 0 && every < 10) faults["announce.every_s"] = t("fault.every");
  return faults;
}

function fault(field: Field, value: unknown, isNew: boolean, t: Words["t"]): string {
  const nothing = value === null || value === undefined || value === "";
  if ((field.required || (field.type === "password" && isNew)) && (nothing || !String(value).trim()))
    return t("fault.missing");
  if (field.type === "number" && typeof value === "number") {
    const scale = (field.unit && PER_UNIT[field.unit]) || 1;
    const shown = (n: number) =>
      `${Math.round((n / scale) * 100) / 100}${field.unit === "percent" ? "%" : ""}`;
    if (field.min !== undefined && value < field.min) return t("fault.min", shown(field.min));
    if (field.over !== undefined && value <= field.over) return t("fault.over", shown(field.over));
    if (field.max !== undefined && value > field.max) return t("fault.max", shown(field.max));
  }
  if (field.type === "capacity" && !readCapacity(value)) return t("fault.capacity");
  if (field.type === "span" && !readSpan(value)) return t("fault.span");
  if (field.type === "hours") {
    const hours = (value ?? {}) as Record<string, unknown>;
    const bad = DAYS.find((day) => typeof hours[day] === "string" && readSpans(String(hours[day])) === null);
    if (bad) return t("fault.spans");
  }
  return "";
}

/**
 * The server's answer as faults: `hours.mon` belongs to the field `hours`, `callback.attempts` to the field of
 * that name. Empty when it names no field.
 */
export function faultsOf(problem: Problem, known: readonly string[], t: Words["t"]): Faults {
  const faults: Record<string, string> = {};
  for (const { at, message } of problem.errors) {
    const [first = "", second = ""] = at.split(".");
    const place = [`${first}.${second}`, first].find((one) => known.includes(one)) ?? "";
    const said = first === "recipe" ? recipeFaults(message, t) : faultWords(message, t);
    const words = place ? said : `${at} ${message}`.trim();
    const between = first === "recipe" ? "\n" : " ";
    faults[place] = faults[place] ? `${faults[place]}${between}${words}` : words;
  }
  return faults;
}

const SAID: [RegExp, (t: Words["t"], found: RegExpExecArray) => string][] = [
  [/^is missing/, (t) => t("fault.missing")],
  [/at least 1 character/, (t) => t("fault.missing")],
  [/at least (\d+) characters/, (t, m) => t("fault.short", m[1] ?? "")],
  [/at most (\d+) characters/, (t, m) => t("fault.long", m[1] ?? "")],
  [/greater than or equal to (\S+?)\.?$/, (t, m) => t("fault.min", m[1] ?? "")],
  [/less than or equal to (\S+?)\.?$/, (t, m) => t("fault.max", m[1] ?? "")],
  [/greater than (\S+?)\.?$/, (t, m) => t("fault.over", m[1] ?? "")],
  [/needs at least (\d+)/, (t, m) => t("fault.short", m[1] ?? "")],
  [/has more than (\d+) characters/, (t, m) => t("fault.long", m[1] ?? "")],
  [/repeats too few/, (t) => t("fault.simple")],
  [/is the sign-in name/, (t) => t("fault.same")],
  [/valid (number|integer)/, (t) => t("fault.number")],
  [/already linked to the user (.+)$/, (t, m) => t("fault.linked", m[1] ?? "")],
  [/already rings for agent (.+)$/, (t, m) => t("fault.rings", m[1] ?? "")],
  [/written in small letters: (.+)$/, (t, m) => t("fault.small", m[1] ?? "")],
  [/is the last admin/, (t) => t("fault.last_admin")],
  [/no country we have holidays of/, (t) => t("fault.country")],
  [/cannot be an id/, (t) => t("fault.id")],
  [/^is '(.+)', which is not among/, (t, m) => t("fault.gone", m[1] ?? "")],
  [/one currency$/, (t) => t("fault.currency")],
  [/also closed/, (t) => t("fault.both")],
];

/** The server's half sentence in the page's words; one that is not known stays as it came. */
export function faultWords(message: string, t: Words["t"]): string {
  for (const [pattern, words] of SAID) {
    const found = pattern.exec(message);
    if (found) return words(t, found);
  }
  const said = message.replace(/^is not right: /, "");
  return said.slice(0, 1).toUpperCase() + said.slice(1);
}
