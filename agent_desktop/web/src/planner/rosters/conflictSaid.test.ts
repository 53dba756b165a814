import { expect, it } from "vitest";
import type { Naming } from "../../shared/rosterSaid";
import type { Language, Word } from "../../shared/words";
import { en } from "../../shared/words/en";
import { fill } from "../../shared/words/fill";
import { zh } from "../../shared/words/zh";
import { conflictLines } from "./conflictSaid";

const naming = (language: Language): Naming => ({
  t: (word: Word, ...values) => fill((language === "en" ? en : zh)[word], values),
  language,
  people: new Map([["a001", "Grace Chen"]]),
  shifts: new Map([["N", "Night"]]),
});
const CLASHES = [
  "night shared fairly, at most 2 apart (nights)",
  "hours shared fairly, all the same",
  "60 to 70 % of those at work are in reserve, Mon 2026-11-02 to Sun 2026-11-29",
  "team red works one shift a day, Mon 2026-11-02",
  "a001 takes part in training (1 h)",
  "a001 takes part in meeting (45 min, all at one time)",
  "a001 works at least 160 h in the period by contract (full-time)",
  "a001 works at most 44 h a week by contract (full-time), in the weeks from 2026-11-02, 2026-11-09",
  "a001 works at least 8 h a day by contract (full-time)",
  "a001 rests at least 11 h between shifts (rest)",
  "a001 has no E after N, Tue 2026-11-03",
  "a001 works at most 6 days in a row, Sun 2026-11-08",
  "a001 works at least 2 days of N or L in a row, Sun 2026-11-08",
  "a001 is free at least 2 days in a row, Mon 2026-11-02",
  "a001 works on weekends, at most 2 in the month",
  "a001 has N on at most 4 days of the period",
  "a001 works at most 48 h in any 7 days, Sun 2026-11-08",
  "a001 works at most 44 h a week on average",
  "a001 has free days, at least 1 in any 7 days, Sun 2026-11-08",
  "a001 rests 35 h without a break in each week, in the week from 2026-11-02",
  "a001 works at most 11 h a day",
  "a001 has at most 36 h of overtime a month, in 2026-11",
  "a001 works at most 8 h a shift on average (nights)",
  "a001 has breaks of 1 h in a long shift",
  "a001 cannot begin a shift before the one before has ended",
  "a001 may have only these shifts: E, part-time",
  "a001 is fixed to be free, Mon 2026-11-02",
  "a001 is fixed to N from 22:30, Mon 2026-11-02",
  "a001 is fixed to E, Mon 2026-11-02",
  "each of a001, a002 and a003 is on approved leave, Mon 2026-11-02",
  "each of 7 people (a001, a002, a003, a004 …) is away, Mon 2026-11-02",
];
const TROUBLE = `No roster is legal: these cannot hold together: ${CLASHES.join("; ")}`;

it("says every demand in both languages, and of whom", () => {
  for (const language of ["en", "zh-CN"] as const) {
    const lines = conflictLines(TROUBLE, naming(language)) ?? [];
    expect(lines).toHaveLength(CLASHES.length + 1);
    for (const [place, line] of lines.slice(1).entries()) {
      if (language !== "en") expect(line).not.toBe(CLASHES[place]);
      expect(line).not.toMatch(/a001|\{\d\}|2026-11-\d\d/);
    }
  }
  const zh = conflictLines(TROUBLE, naming("zh-CN")) ?? [];
  expect(zh.filter((line) => /\b(works|rests|has|is|at|least|most)\b/.test(line))).toEqual([]);
});

it("places names, times and days", () => {
  const lines = conflictLines(TROUBLE, naming("zh-CN")) ?? [];
  expect(lines).toContain("Grace Chen：两班之间至少休息 11 小时 (rest)");
  expect(lines).toContain("Grace Chen：已固定上 Night，22:30 开始，11月2日周一");
  expect(lines).toContain("7 人（Grace Chen、a002、a003、a004 等）各自：不可用，11月2日周一");
});

it("leaves other troubles and unknown demands as they came", () => {
  const t = naming("en");
  expect(conflictLines("The platform was stopped.", t)).toBeNull();
  expect(conflictLines("No roster is legal", t)).toEqual([en["clash.none"]]);
  expect(conflictLines("No roster is legal: these cannot hold together: the moon is full", t)).toEqual([
    en["clash.head"],
    "the moon is full",
  ]);
});
