import { expect, it } from "vitest";
import { en, type Word } from "../shared/words/en";
import { fill } from "../shared/words/fill";
import { filterWords } from "./filtered";

const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);

it("says the floor's reasons in words, and passes on what it does not know", () => {
  expect(filterWords("state: paused", t)).toBe("Paused");
  expect(filterWords("skill: loan, english", t)).toContain("loan, english");
  expect(filterWords("rejected this call", t)).toBe(en["desk.why.rejected"]);
  expect(filterWords("capacity", t)).toBe(en["desk.why.capacity"]);
  expect(filterWords("level: 2, now asked up to 1", t)).toContain("level 2");
  expect(filterWords("penalty: 30, now allowed up to 10", t)).toContain("penalty 30");
  expect(filterWords("held for wang", t)).toBe(fill(en["desk.why.held"], ["wang"]));
  expect(filterWords("held for wang", t, () => "Wang Fang")).toContain("Wang Fang");
  expect(filterWords("branch: held for East", t)).toBe(fill(en["desk.why.held"], ["East"]));
  expect(filterWords("state: asleep", t)).toBe("state: asleep");
  expect(filterWords("moon", t)).toBe("moon");
});
