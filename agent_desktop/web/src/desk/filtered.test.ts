import { expect, it } from "vitest";
import { en, type Word } from "../shared/words/en";
import { fill } from "../shared/words/fill";
import { filterWords } from "./filtered";

const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);

it("says the floor's reasons in words, and passes on what it does not know", () => {
  expect(filterWords("state: paused", t)).toBe("Paused");
  expect(filterWords("skill: loan, english", t)).toContain("loan, english");
  expect(filterWords("rejected this call", t)).toBe(en["desk.why.rejected"]);
  expect(filterWords("state: asleep", t)).toBe("state: asleep");
  expect(filterWords("moon", t)).toBe("moon");
});
