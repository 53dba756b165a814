/** Why no roster is legal, in the page's words: a line for each demand that clashes. */

import { dayWords } from "../../shared/format";
import { lastingWords, type Naming, shiftWords } from "../../shared/rosterSaid";
import type { Word } from "../../shared/words";

type Place = "lasting" | "limit" | "shifts" | "span" | "same";

const LASTING = String.raw`(\d+ h \d\d|\d+ h|\d+ min)`;
const LIMIT = "at (least|most)";
const SPAN = "the (period|week|month)";

/** What each place of a demand is: a span of time, least or most, shifts, a span of days, or as it is. */
const DEMANDS: readonly [string, Word, ...Place[]][] = [
  [String.raw`(\S+) shared fairly, at most (\d+) apart`, "clash.fairness", "same", "same"],
  [String.raw`(\S+) shared fairly, all the same`, "clash.fairness_same", "same"],
  [String.raw`(\d+) to (\d+) % of those at work are in reserve`, "clash.reserve", "same", "same"],
  ["team (.+?) works one shift a day", "clash.together", "same"],
  [String.raw`takes part in (.+?) \(${LASTING}\)`, "clash.activity", "same", "lasting"],
  [String.raw`takes part in (.+?) \(${LASTING}, all at one time\)`, "clash.activity_all", "same", "lasting"],
  [`works ${LIMIT} ${LASTING} in the period by contract`, "clash.contract.period", "limit", "lasting"],
  [`works ${LIMIT} ${LASTING} a week by contract`, "clash.contract.week", "limit", "lasting"],
  [`works ${LIMIT} ${LASTING} a day by contract`, "clash.contract.day", "limit", "lasting"],
  [`rests at least ${LASTING} between shifts`, "clash.rest", "lasting"],
  ["has no (.+?) after (.+?)", "clash.succession", "shifts", "shifts"],
  [String.raw`works ${LIMIT} (\d+) days in a row`, "clash.run", "limit", "same"],
  [String.raw`works ${LIMIT} (\d+) days of (.+?) in a row`, "clash.run_of", "limit", "same", "shifts"],
  [String.raw`is free ${LIMIT} (\d+) days in a row`, "clash.off", "limit", "same"],
  [String.raw`works on weekends, at most (\d+) in ${SPAN}`, "clash.weekends", "same", "span"],
  [String.raw`has (.+?) on ${LIMIT} (\d+) days of ${SPAN}`, "clash.count", "shifts", "limit", "same", "span"],
  [String.raw`works at most ${LASTING} in any (\d+) days`, "clash.window", "lasting", "same"],
  [`works at most ${LASTING} a week on average`, "clash.average", "lasting"],
  [String.raw`has free days, at least (\d+) in any (\d+) days`, "clash.rest_days", "same", "same"],
  [`rests ${LASTING} without a break in each week`, "clash.weekly_rest", "lasting"],
  [`works at most ${LASTING} a day`, "clash.day", "lasting"],
  [`has at most ${LASTING} of overtime a month`, "clash.overtime", "lasting"],
  [`works at most ${LASTING} a shift on average`, "clash.average_shift", "lasting"],
  [`has breaks of ${LASTING} in a long shift`, "clash.break", "lasting"],
  ["cannot begin a shift before the one before has ended", "clash.overlap"],
  ["may have only these shifts: (.+?)", "clash.eligible", "same"],
  ["is fixed to be free", "clash.free"],
  [String.raw`is fixed to (.+?) from (\d\d:\d\d)`, "clash.fixed_at", "shifts", "same"],
  ["is fixed to (.+?)", "clash.fixed", "shifts"],
  ["is on approved leave", "clash.leave"],
  ["is away", "clash.away"],
];
const DATE = String.raw`\d{4}-\d\d-\d\d`;
const WHEN = String.raw`(?:, (in the weeks? from ${DATE}.*|in \d{4}-\d\d.*|\w{3} ${DATE}.*))?`;
const PATTERNS = DEMANDS.map(
  ([demand, word, ...places]) =>
    [new RegExp(String.raw`^(?:(.+?) )??${demand}(?: \((.+)\))?${WHEN}$`), word, places] as const,
);

/** The lines of what a job says when nothing was found; null if it is about something else. */
export function conflictLines(trouble: string, naming: Naming): string[] | null {
  if (/^No legal roster was found in this time/.test(trouble)) return [naming.t("clash.no_time")];
  const found = /^No roster is legal(?:: these cannot hold together: (.+))?$/.exec(trouble);
  if (!found) return null;
  if (!found[1]) return [naming.t("clash.none")];
  return [naming.t("clash.head"), ...found[1].split("; ").map((one) => clashWords(one, naming))];
}

function clashWords(said: string, naming: Naming): string {
  for (const [pattern, word, places] of PATTERNS) {
    const found = pattern.exec(said);
    if (!found) continue;
    const [, who, ...rest] = found;
    const values = places.map((place, n) => placed(place, rest[n] ?? "", naming));
    const [name, when] = rest.slice(places.length);
    const { t } = naming;
    const named = name ? `${t(word, ...values)} (${name})` : t(word, ...values);
    const dated = when ? t("clash.on", named, whenWords(when, naming)) : named;
    return who ? t("clash.of", whoWords(who, naming), dated) : dated;
  }
  return said;
}

/** A list as the language separates it. */
function listed(text: string, language: string): string {
  return language.startsWith("zh") ? text.replaceAll(", ", "、") : text;
}

function placed(place: Place, said: string, { t, language, shifts }: Naming): string {
  if (place === "lasting") return lastingWords(said, t);
  if (place === "limit") return t(`clash.${said as "least" | "most"}`);
  if (place === "span") return t(`said.span.${said as "period" | "week" | "month"}`);
  return place === "shifts" ? shiftWords(said, t, shifts) : listed(said, language);
}

function whoWords(who: string, { t, language, people }: Naming): string {
  const named = (text: string) => {
    const ids = text.split(/, | and /);
    return listed(ids.map((id) => people.get(id) ?? id).join(", "), language);
  };
  const many = /^each of (\d+) people \((.+) …\)$/.exec(who);
  if (many) return t("clash.many", many[1] ?? "", named(many[2] ?? ""));
  const each = /^each of (.+)$/.exec(who);
  return each ? t("clash.each", named(each[1] ?? "")) : named(who);
}

/** Weeks by the day they begin on, months, or days and stretches of days. */
function whenWords(when: string, { t, language }: Naming): string {
  const weeks = /^in the weeks? from (.+)$/.exec(when);
  const months = /^in (.+)$/.exec(when);
  const dated = (text: string) =>
    listed(text, language)
      .replaceAll(
        /(?:\w{3} )?(\d{4}-\d\d-\d\d) to (?:\w{3} )?(\d{4}-\d\d-\d\d)/g,
        (_, first: string, last: string) =>
          t("clash.to", dayWords(first, language), dayWords(last, language)),
      )
      .replaceAll(/(?:\w{3} )?(\d{4}-\d\d-\d\d)/g, (_, day: string) => dayWords(day, language));
  if (weeks) return t("clash.weeks", dated(weeks[1] ?? ""));
  return months ? t("clash.months", listed(months[1] ?? "", language)) : dated(when);
}
