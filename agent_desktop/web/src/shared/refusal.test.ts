import { expect, it } from "vitest";
import { refusal } from "./refusal";
import { en, type Word } from "./words/en";
import { fill } from "./words/fill";

const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);

it("says the floor's reasons in the page's words", () => {
  expect(refusal("Call S1 neither waits nor rings.", t)).toBe(en["refused.gone"]);
  expect(refusal("Agent li is wrap_up and has no room for a voice contact.", t)).toBe(en["refused.no_room"]);
  expect(refusal("+8613800000001 will be called back already.", t)).toBe(en["refused.kept"]);
  expect(refusal("Queue personal is open.", t)).toBe(en["refused.open"]);
});

it("passes on what it does not know", () => {
  expect(refusal("The moon is full.", t)).toBe(fill(en["error.conflict"], ["The moon is full."]));
});
