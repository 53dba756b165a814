import { expect, it } from "vitest";
import { en, type Word } from "./en";
import { fill } from "./fill";
import { zh } from "./zh";

const places = (text: string) => [...text.matchAll(/\{\d+\}/g)].map((m) => m[0]).sort();

it("has the same keys in both languages, none of them empty", () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  for (const text of [...Object.values(en), ...Object.values(zh)]) expect(text.trim()).not.toBe("");
});

it("has the same places to fill in both languages", () => {
  for (const key of Object.keys(en) as Word[]) expect([key, places(zh[key])]).toEqual([key, places(en[key])]);
});

it("fills places by number and leaves unknown ones standing", () => {
  expect(fill("{1} of {0}, {2}", ["a", 3])).toBe("3 of a, {2}");
});
