import { expect, it } from "vitest";
import { known, refusal } from "./refusal";
import { en, type Word } from "./words/en";
import { fill } from "./words/fill";

const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);

it("says the floor's reasons in the page's words", () => {
  expect(refusal("Call S1 neither waits nor rings.", t)).toBe(en["refused.gone"]);
  expect(refusal("Agent li is wrap_up and has no room for a voice contact.", t)).toBe(en["refused.no_room"]);
  expect(refusal("+8613800000001 will be called back already.", t)).toBe(en["refused.kept"]);
  expect(refusal("Queue personal is open.", t)).toBe(en["refused.open"]);
});

it("says what is wrong in a file, with what stands there", () => {
  expect(known("'x' is no number", t)).toBe("“x” is no number.");
  expect(known("this interval of queue a is also in row 12", t)).toBe("This interval is also in row 12.");
  expect(known("this interval is also in row 12", t)).toBe("This interval is also in row 12.");
  expect(
    known("nov.csv has intervals of 30 min, personal of 15; they must be the same, or finer. Make", t),
  ).toBe(fill(en["plan.said.fit"], ["30", "15"]));
  expect(known("Cards has no history yet; take in a file first.", t)).toBe(en["plan.said.no_history"]);
  expect(known("The moon is full.", t)).toBeNull();
});

it("passes on what it does not know", () => {
  expect(refusal("The moon is full.", t)).toBe(fill(en["error.conflict"], ["The moon is full."]));
});
