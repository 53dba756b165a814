import { expect, it } from "vitest";
import {
  addDays,
  callsWords,
  column,
  dateWords,
  dayWords,
  nextMonth,
  percentWords,
  periodWords,
  secondsWords,
  shareWords,
  spanWords,
} from "./format";

it("writes days in the page's language, the year only where it is another one", () => {
  expect(dayWords("2026-12-01", "en", "2026-11-24")).toBe("Tue, Dec 1");
  expect(dayWords("2027-01-01", "en", "2026-11-24")).toBe("Fri, Jan 1, 2027");
  expect(dateWords("2026-12-01", "zh-CN")).toBe("2026年12月1日");
  expect(spanWords("2026-12-01", "2026-12-01", "en")).toBe("Dec 1, 2026");
  expect(spanWords("2026-12-01", "2026-12-05", "en")).toBe("Dec 1 – 5, 2026");
  expect(dateWords("soon", "en")).toBe("soon");
});

it("writes months and years", () => {
  expect(periodWords("2026-12", "en")).toBe("December 2026");
  expect(periodWords("2026-12", "zh-CN")).toBe("2026年12月");
  expect(periodWords("2027", "zh-CN")).toBe("2027年");
  expect(periodWords("2027", "en")).toBe("2027");
});

it("gives few calls a digit, many none, and what is not known a dash", () => {
  expect([0, 3.06, 41_211.4, null, Number.NaN].map((one) => callsWords(one, "en"))).toEqual([
    "0",
    "3.1",
    "41,211",
    "–",
    "–",
  ]);
  expect(percentWords(4.64, "en")).toBe("4.6%");
  expect([3.5, 0, -2].map((one) => percentWords(one, "en", true))).toEqual(["+3.5%", "0.0%", "-2.0%"]);
  expect(shareWords(0.8, "en")).toBe("80.0%");
  expect(secondsWords(8.44, "en", (n) => `${n} s`)).toBe("8.4 s");
});

it("has places for what is not known, and reckons with days", () => {
  expect(Array.from(column([1, null, 3]))).toEqual([1, Number.NaN, 3]);
  expect(Array.from(column(undefined, 2))).toEqual([Number.NaN, Number.NaN]);
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect([nextMonth("2026-11-24"), nextMonth("2026-12-31")]).toEqual(["2026-12", "2027-01"]);
});
