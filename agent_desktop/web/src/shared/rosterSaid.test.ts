import { expect, it } from "vitest";
import { minutesWords, type Naming, saidWords } from "./rosterSaid";
import type { Language, Word } from "./words";
import { en } from "./words/en";
import { fill } from "./words/fill";
import { zh } from "./words/zh";

const naming = (language: Language): Naming => ({
  t: (word: Word, ...values) => fill((language === "en" ? en : zh)[word], values),
  language,
  people: new Map([["1001", "Grace Chen"]]),
  shifts: new Map([["E", "Early"]]),
});
const SAID = [
  "1001 rests 9 h 30 before E on Tue 2026-11-03; at least 11 h",
  "1001 has L after N on Tue 2026-11-03",
  "1001 has 7 working days in a row from Mon 2026-11-02; at most 6",
  "1001 has only 1 free day in a row from Mon 2026-11-02; at least 2",
  "1001 works on 3 weekends of the month; at most 2",
  "1001 has any shift on 23 days of the period; at most 22",
  "1001 has E or L on 1 days of the week; at least 2",
  "1001 has 0 free days of the 7 up to Sun 2026-11-08; at least 1",
  "1001 never rests 35 h in the week of Mon 2026-11-02",
  "1001 works 50 h in the 7 days up to Sun 2026-11-08; at most 48 h",
  "1001 works 190 h in 28 days (44 h a week on average); at most 176 h",
  "1001 works 12 h on Mon 2026-11-02; at most 11 h",
  "1001 works 37 h of overtime in the month of Mon 2026-11-30; at most 36 h",
  "1001 works 45 h in 5 night shifts; at most 8 h in one on average",
  "1001 has 45 min of breaks in 9 h on Mon 2026-11-02; at least 1 h",
  "1001 works 30 h in the week of Mon 2026-11-02; full-time owes 40 h",
  "1001 works 48 h in the week of Mon 2026-11-02; full-time allows 44 h",
  "1001 works 100 h in the period; full-time owes 160 h",
  "1001 works 9 h on Mon 2026-11-02; full-time allows 8 h",
  "team red works E and L on Mon 2026-11-02",
  "1 of 20 at work are in reserve on Mon 2026-11-02; 10 to 15 %",
  "1001, Mon 2026-11-02: may not work E",
  "1001, Mon 2026-11-02: works E on approved leave",
  "1001, Mon 2026-11-02: works E while away (course)",
  "1001, Mon 2026-11-02: is fixed to be free, but works E",
  "1001, Mon 2026-11-02: is fixed to E, but is free",
  "1001, Mon 2026-11-02: E begins before N of the day before ends",
  "1001 asked not to work on Mon 2026-11-02",
  "1001 asked to work E on Mon 2026-11-02",
  "E on Mon 2026-11-02: 1 of 2",
  "cards on Mon 2026-11-02 09:30: 3 of 5",
  "night: 1001 has 5, 1002 has 2; at most 1 apart",
  "1001 misses training",
];

it.each(SAID)("has Chinese words for: %s", (said) => {
  const words = saidWords(said, naming("zh-CN"));
  expect(words).not.toBe(said);
  expect(words).toMatch(/[\u4e00-\u9fff]/);
  expect(words).not.toMatch(/\{\d\}|2026-\d\d|\b1001\b/);
});

it("names people, shifts and days", () => {
  expect(saidWords(SAID[0] as string, naming("en"))).toBe(
    "Grace Chen rests 9 h 30 min before Early on Tue, Nov 3; at least 11 h",
  );
  expect(saidWords(SAID[0] as string, naming("zh-CN"))).toBe(
    "Grace Chen 在11月3日周二 Early 之前只休息 9 小时 30 分，至少应为 11 小时",
  );
  expect(saidWords("something new", naming("zh-CN"))).toBe("something new");
});

it("tells minutes as hours and minutes", () => {
  expect([0, 45, 60, 95].map((one) => minutesWords(one, naming("en").t))).toEqual([
    "0 min",
    "45 min",
    "1 h",
    "1 h 35 min",
  ]);
});
