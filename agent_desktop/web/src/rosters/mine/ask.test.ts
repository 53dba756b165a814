import { expect, it } from "vitest";
import { bodies, complete, emptyForm, left, readForm } from "./ask";

const DAY = "2026-12-01";

it("is complete when all is said that must be", () => {
  expect(complete(emptyForm("swap", DAY))).toBe(false);
  expect(complete({ ...emptyForm("swap", DAY), other: "1002" })).toBe(true);
  expect(complete(emptyForm("bid", DAY))).toBe(false);
  expect(complete({ ...emptyForm("bid", DAY), shift: "E" })).toBe(true);
  expect(complete(emptyForm("wish", DAY))).toBe(true);
  expect(complete(emptyForm("leave", ""))).toBe(false);
});

it("asks for leave from a day to a day, a month at most", () => {
  const form = emptyForm("leave", DAY);
  expect(complete(form)).toBe(true);
  expect(complete({ ...form, until: "2026-11-30" })).toBe(false);
  expect(complete({ ...form, until: "2027-01-01" })).toBe(false);
  expect(bodies({ ...form, until: "2026-12-03", words: "Wedding" })).toEqual([
    { kind: "leave", day: "2026-12-01", words: "Wedding" },
    { kind: "leave", day: "2026-12-02", words: "Wedding" },
    { kind: "leave", day: "2026-12-03", words: "Wedding" },
  ]);
});

it("asks for no day of leave twice when one in the middle was refused", () => {
  const form = { ...emptyForm("leave", DAY), until: "2026-12-03" };
  expect(bodies(left(form, 2)).map((one) => one.day)).toEqual(["2026-12-03"]);
  expect(left(form, 0)).toEqual(form);
});

it("sends only what a kind has", () => {
  const full = { ...emptyForm("swap", DAY), other: "1002", otherDay: DAY, shift: "E", want: true };
  expect(bodies(full)).toEqual([{ kind: "swap", day: DAY, words: "", other: "1002" }]);
  expect(bodies({ ...full, otherDay: "2026-12-02" })[0]).toHaveProperty("other_day", "2026-12-02");
  expect(bodies({ ...full, kind: "give" })).toEqual([{ kind: "give", day: DAY, words: "", other: "1002" }]);
  expect(bodies({ ...full, kind: "wish" })[0]).toEqual({
    kind: "wish",
    day: DAY,
    words: "",
    want: true,
    shift: "E",
  });
  expect(bodies({ ...full, kind: "wish", want: false })[0]).not.toHaveProperty("shift");
});

it("reads a form that was kept and leaves what is none", () => {
  const form = { ...emptyForm("give", DAY), words: "Dentist" };
  expect(readForm(JSON.stringify(form))).toEqual(form);
  for (const text of [null, "", "{", "{}", '{"kind":"dance","day":"2026-12-01"}'])
    expect(readForm(text)).toBeNull();
});
