import { expect, it } from "vitest";
import { plannerEn } from "../shared/words/planner.en";
import { holidayWords } from "./holidays";

const t = (word: string) => plannerEn[word as keyof typeof plannerEn];

it("knows the holidays of the calendar it was made for, and leaves others as they came", () => {
  expect(holidayWords("Mid-autumn Festival", t)).toBe("Mid-Autumn Festival");
  expect(holidayWords("New Year's Day", t)).toBe("New Year's Day");
  expect(holidayWords("Allerheiligen", t)).toBe("Allerheiligen");
  expect(holidayWords("国庆节", t)).toBe("国庆节");
});
