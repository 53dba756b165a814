/** What the judge of rosters says, in the page's words; a sentence it does not know stays as it came. */

import { dayWords } from "./format";
import type { Word, Words } from "./words";

export interface Naming {
  t: Words["t"];
  language: string;
  /** People's names by their ids. */
  people: ReadonlyMap<string, string>;
  /** Shifts' names by their ids. */
  shifts?: ReadonlyMap<string, string>;
}

/**
 * What each place of a sentence is: a person, a day, a span of time, a shift or several, a kind of days, a span
 * (period, week, month), or something that stays as it is.
 */
type Place = "person" | "day" | "lasting" | "shifts" | "kind" | "span" | "same";

const DAY = String.raw`\w{3} (\d{4}-\d\d-\d\d)`;
const LASTING = String.raw`(\d+ h \d\d|\d+ h|\d+ min)`;

const of = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll("DAY", DAY).replaceAll("LASTING", LASTING)}$`);

const SAID: readonly [RegExp, Word, ...Place[]][] = [
  [
    of("(.+) rests LASTING before (.+) on DAY; at least LASTING"),
    "said.rest",
    "person",
    "lasting",
    "shifts",
    "day",
    "lasting",
  ],
  [of("(.+) never rests LASTING in the week of DAY"), "said.weekly_rest", "person", "lasting", "day"],
  [of("(.+) has (.+) after (.+) on DAY"), "said.succession", "person", "shifts", "shifts", "day"],
  [
    of("(.+) has only (\\d+) (.+) days? in a row from DAY; at least (\\d+)"),
    "said.run_short",
    "person",
    "same",
    "kind",
    "day",
    "same",
  ],
  [
    of("(.+) has (\\d+) (.+) days? in a row from DAY; at most (\\d+)"),
    "said.run_long",
    "person",
    "same",
    "kind",
    "day",
    "same",
  ],
  [
    of("(.+) works on (\\d+) weekends of the (period|month); at most (\\d+)"),
    "said.weekends",
    "person",
    "same",
    "span",
    "same",
  ],
  [
    of("(.+) has (.+) on (\\d+) days of the (period|week|month); at most (\\d+)"),
    "said.count_most",
    "person",
    "shifts",
    "same",
    "span",
    "same",
  ],
  [
    of("(.+) has (.+) on (\\d+) days of the (period|week|month); at least (\\d+)"),
    "said.count_least",
    "person",
    "shifts",
    "same",
    "span",
    "same",
  ],
  [
    of("(.+) has (\\d+) free days of the (\\d+) up to DAY; at least (\\d+)"),
    "said.rest_days",
    "person",
    "same",
    "same",
    "day",
    "same",
  ],
  [
    of("(.+) works LASTING in the (\\d+) days up to DAY; at most LASTING"),
    "said.window",
    "person",
    "lasting",
    "same",
    "day",
    "lasting",
  ],
  [
    of("(.+) works LASTING in (\\d+) days \\(LASTING a week on average\\); at most LASTING"),
    "said.average",
    "person",
    "lasting",
    "same",
    "lasting",
    "lasting",
  ],
  [of("(.+) works LASTING on DAY; at most LASTING"), "said.day_most", "person", "lasting", "day", "lasting"],
  [
    of("(.+) works LASTING of overtime in the month of DAY; at most LASTING"),
    "said.overtime",
    "person",
    "lasting",
    "day",
    "lasting",
  ],
  [
    of("(.+) works LASTING in (\\d+ .*shifts); at most LASTING in one on average"),
    "said.average_shift",
    "person",
    "lasting",
    "same",
    "lasting",
  ],
  [
    of("(.+) has LASTING of breaks in LASTING on DAY; at least LASTING"),
    "said.break_due",
    "person",
    "lasting",
    "lasting",
    "day",
    "lasting",
  ],
  [
    of("(.+) works LASTING in the period; (.+) owes LASTING"),
    "said.owes_period",
    "person",
    "lasting",
    "same",
    "lasting",
  ],
  [
    of("(.+) works LASTING in the week of DAY; (.+) owes LASTING"),
    "said.owes_week",
    "person",
    "lasting",
    "day",
    "same",
    "lasting",
  ],
  [
    of("(.+) works LASTING on DAY; (.+) owes LASTING"),
    "said.owes_day",
    "person",
    "lasting",
    "day",
    "same",
    "lasting",
  ],
  [
    of("(.+) works LASTING in the period; (.+) allows LASTING"),
    "said.allows_period",
    "person",
    "lasting",
    "same",
    "lasting",
  ],
  [
    of("(.+) works LASTING in the week of DAY; (.+) allows LASTING"),
    "said.allows_week",
    "person",
    "lasting",
    "day",
    "same",
    "lasting",
  ],
  [
    of("(.+) works LASTING on DAY; (.+) allows LASTING"),
    "said.allows_day",
    "person",
    "lasting",
    "day",
    "same",
    "lasting",
  ],
  [of("team (.+) works (.+) on DAY"), "said.together", "same", "shifts", "day"],
  [
    of("(\\d+) of (\\d+) at work are in reserve on DAY; (.+) to (.+) %"),
    "said.reserve",
    "same",
    "same",
    "day",
    "same",
    "same",
  ],
  [of("(.+), DAY: may not work (.+)"), "said.eligible", "person", "day", "shifts"],
  [of("(.+), DAY: works (.+) on approved leave"), "said.leave", "person", "day", "shifts"],
  [of("(.+), DAY: works (.+) while away(?: \\(.*\\))?"), "said.away", "person", "day", "shifts"],
  [of("(.+), DAY: is fixed to be free, but works (.+)"), "said.fixed_free", "person", "day", "shifts"],
  [of("(.+), DAY: is fixed to (.+), but is free"), "said.fixed_missing", "person", "day", "shifts"],
  [
    of("(.+), DAY: is fixed to (.+), but works (.+)"),
    "said.fixed_other",
    "person",
    "day",
    "shifts",
    "shifts",
  ],
  [
    of("(.+), DAY: (.+) begins before (.+) of the day before ends"),
    "said.overlap",
    "person",
    "day",
    "shifts",
    "shifts",
  ],
  [of("(.+), DAY: (.+) is fixed to begin at (\\S+)"), "said.fixed_begin", "person", "day", "shifts", "same"],
  [of("(.+), DAY: (.+) is fixed to last LASTING"), "said.fixed_last", "person", "day", "shifts", "lasting"],
  [of("(.+), DAY: (.+) does not begin at (\\S+)"), "said.not_begin", "person", "day", "shifts", "same"],
  [of("(.+), DAY: (.+) does not last LASTING"), "said.not_last", "person", "day", "shifts", "lasting"],
  [
    of("(.+), DAY: breaks are (.+); (.+) has (.+), in this order"),
    "said.breaks_are",
    "person",
    "day",
    "same",
    "shifts",
    "same",
  ],
  [of("(.+), DAY: breaks overlap, or reach out of the shift"), "said.breaks_overlap", "person", "day"],
  [
    of("(.+), DAY: only LASTING between breaks; at least LASTING"),
    "said.breaks_close",
    "person",
    "day",
    "lasting",
    "lasting",
  ],
  [
    of("(.+), DAY: LASTING without a break; at most LASTING"),
    "said.breaks_far",
    "person",
    "day",
    "lasting",
    "lasting",
  ],
  [
    of("(.+), DAY: (.+) lasts LASTING, not LASTING"),
    "said.lasts",
    "person",
    "day",
    "same",
    "lasting",
    "lasting",
  ],
  [of("(.+), DAY: (.+) may not begin at (\\S+)"), "said.may_not_begin", "person", "day", "same", "same"],
  [
    of("(.+), DAY: activities overlap one another or a break, or reach out of the shift"),
    "said.activities_overlap",
    "person",
    "day",
  ],
  [of("(.+), DAY: there is no (?:activity|demand) '(.*)'"), "said.unknown", "person", "day", "same"],
  [of("(.+), DAY: (.+) is not for .+"), "said.not_for", "person", "day", "same"],
  [of("(.+), DAY: (.+) is not on this day"), "said.not_on_day", "person", "day", "same"],
  [of("(.+), DAY: (.+) is no reserve shift; it has no duties"), "said.no_reserve", "person", "day", "shifts"],
  [
    of("(.+), DAY: .+ has no (.+) at level (\\d+) for (.+)"),
    "said.no_skill",
    "person",
    "day",
    "same",
    "same",
    "same",
  ],
  [
    of("(.+), DAY: duties overlap one another, or reach out of the shift"),
    "said.duties_overlap",
    "person",
    "day",
  ],
  [of("(.+) does (.+) (\\d+) times"), "said.does_often", "person", "same", "same"],
  [of("(.+) misses (.+) of the others, DAY (\\S+)"), "said.misses_others", "person", "same", "day", "same"],
  [of("(.+) misses (.+)"), "said.misses", "person", "same"],
  [of("(.+) asked to work on DAY"), "said.wish_work", "person", "day"],
  [of("(.+) asked to work (.+) on DAY"), "said.wish_shift", "person", "shifts", "day"],
  [of("(.+) asked not to work on DAY"), "said.wish_off", "person", "day"],
  [of("(.+) asked not to work (.+) on DAY"), "said.wish_not", "person", "shifts", "day"],
  [of("(.+) on DAY: (\\d+) of (\\d+)"), "said.cover", "shifts", "day", "same", "same"],
  [
    of("(.+) on DAY (\\d\\d:\\d\\d(?:\\+\\d)?): (\\d+) of (\\d+)"),
    "said.demand",
    "same",
    "day",
    "same",
    "same",
    "same",
  ],
  [
    of("(\\S+): (.+) has (\\d+), (.+) has (\\d+)(?:; at most \\d+ apart)?"),
    "said.fairness",
    "same",
    "person",
    "same",
    "person",
    "same",
  ],
];

export function saidWords(words: string, naming: Naming): string {
  for (const [pattern, word, ...places] of SAID) {
    const found = pattern.exec(words);
    if (found) return naming.t(word, ...places.map((place, n) => placed(place, found[n + 1] ?? "", naming)));
  }
  return words;
}

function placed(place: Place, said: string, { t, language, people, shifts }: Naming): string {
  switch (place) {
    case "person":
      return people.get(said) ?? said;
    case "day":
      return dayWords(said, language);
    case "lasting":
      return lastingWords(said, t);
    case "kind":
      return said === "working" || said === "free" ? t(`said.kind.${said}`) : shiftWords(said, t, shifts);
    case "span":
      return t(`said.span.${said as "period" | "week" | "month"}`);
    case "shifts":
      return shiftWords(said, t, shifts);
    case "same":
      return said;
  }
}

export function shiftWords(said: string, t: Words["t"], shifts: Naming["shifts"]): string {
  if (said === "any shift") return t("said.any_shift");
  return said
    .split(/ (?:or|and) /)
    .map((one) => shifts?.get(one) ?? one)
    .join(" / ");
}

/** `7 h 30` as the language has it. */
export function lastingWords(said: string, t: Words["t"]): string {
  const found = /^(?:(\d+) h)? ?(?:(\d+)(?: min)?)?$/.exec(said);
  if (!found) return said;
  const [hours, minutes] = [Number(found[1] ?? 0), Number(found[2] ?? 0)];
  return minutesWords(hours * 60 + minutes, t);
}

/** Minutes as hours and minutes. */
export function minutesWords(minutes: number, t: Words["t"]): string {
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (!hours) return t("lasting.min", rest);
  return rest ? t("lasting.both", hours, rest) : t("lasting.h", hours);
}

/** Why the server did not do something with a roster or a request; see `refusal.ts`. */
export const ROSTER_REASONS: readonly [RegExp, Word][] = [
  [/^neither .+ nor .+ has a shift to swap/i, "roster.refused.nothing_to_swap"],
  [/^It asks for (.+?)\.?$/, "roster.refused.asks_for"],
  [/ is none of your shifts/, "roster.refused.none_of_yours"],
  [/^You are on leave that day/, "roster.refused.your_leave"],
  [/^You have a shift that day/, "roster.refused.your_shift"],
  [/^Your bid waits for a decision/, "roster.refused.bid_already"],
  [/ on \d{4}-\d\d-\d\d had \d+ places?/, "roster.refused.places_given"],
  [/ on \d{4}-\d\d-\d\d (?:was closed to bids|is (?:filled|closed))/, "roster.refused.not_open"],
  [/^Number \d+ of it is not the last one/, "roster.refused.newer"],
  [/cannot swap with themselves/, "roster.refused.themselves"],
  [/has no shift on day \d+ to give/, "roster.refused.nothing_to_give"],
  [/has two shifts on day \d+/, "roster.refused.works_already"],
  [/is on leave on day \d+ already/, "roster.refused.on_leave"],
  [/is not in the roster of that day/, "roster.refused.not_with_them"],
  [/is in no roster of \S+ any more/, "roster.refused.left"],
  [/^Approved leave, but a shift: (.+)\. Say despite/, "roster.refused.forgotten"],
  [/^Approved since, and undone by this roster: /, "roster.refused.undone"],
  [/has a newer roster by now/, "roster.refused.newer"],
  [/changed it meanwhile; look at it again/, "roster.refused.draft_changed"],
  [/^there is no shift (.+?)\.?$/i, "roster.refused.no_shift"],
  [/^there is no person (.+?)\.?$/i, "roster.refused.no_person"],
  [/^day \d+ is not in the roster/i, "roster.refused.other_period"],
  [/^No roster of \S+ has you in it/, "roster.refused.not_published"],
  [/^No roster was ever planned with you/, "roster.refused.never"],
  [/^\d{4}-\d\d-\d\d has gone by/, "roster.refused.gone_by"],
  [/is published; ask for leave, a swap or a shift/, "roster.refused.too_late"],
  [/^(\d+) of yours wait already/, "roster.refused.many"],
  [/^The request is (?:asked|agreed|approved|refused|withdrawn)\./, "roster.refused.decided"],
  [/^Somebody else decides about it/, "roster.refused.own"],
  [/has not agreed to it/, "roster.refused.not_agreed"],
  [/is excused for all of that already/, "roster.refused.excused"],
  [/^Somebody else enters it/, "roster.refused.own_absence"],
  [/is linked to no agent/, "roster.refused.no_agent"],
];
