import { expect, it } from "vitest";
import { blankDraft, bodyOf, changeWords, readMinute, readShape, slotsWords } from "./overrides";

const draft = {
  ...blankDraft({ first: "2026-12-01", last: "2026-12-28" }, "2026-11-25"),
  value: 10 as const,
  reason: " cards ",
};

it("begins where something can be overridden: today, or with the forecast", () => {
  const forecast = { first: "2026-12-01", last: "2026-12-28" };
  const first = (today: string) => blankDraft(forecast, today).first;
  expect(["2026-11-25", "2026-12-10", "2027-02-01"].map(first)).toEqual([
    "2026-12-01",
    "2026-12-10",
    "2026-12-01",
  ]);
});

it("sends nothing until the form says something whole", () => {
  expect(bodyOf(draft)).toEqual({
    measure: "calls",
    how: "percent",
    value: 10,
    shape: [],
    first: "2026-12-01",
    last: "2026-12-01",
    from_slot: 0,
    to_slot: 1440,
    weekly: false,
    reason: "cards",
  });
  expect(bodyOf({ ...draft, value: "" })).toBeNull();
  expect(bodyOf({ ...draft, value: 0 })).toBeNull();
  expect(bodyOf({ ...draft, last: "2026-11-30" })).toBeNull();
  expect(bodyOf({ ...draft, from: "18:00", to: "09:00" })).toBeNull();
  expect(bodyOf({ ...draft, from: "9 o'clock" })).toBeNull();
});

it("reads times to the end of the day, and weights with anything between them", () => {
  expect(["0:00", "9:30", "24:00", "24:01", "9:60", ""].map(readMinute)).toEqual([
    0,
    570,
    1440,
    null,
    null,
    null,
  ]);
  expect(readShape("1 2,3; 4\n5")).toEqual([1, 2, 3, 4, 5]);
  expect([readShape("1 -2"), readShape("0 0"), readShape("a"), readShape("")]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(
    bodyOf({ ...draft, how: "shape", shape: "1 2 1", from: "09:00", to: "10:30", measure: "aht_s" }),
  ).toMatchObject({
    measure: "calls",
    value: 0,
    shape: [1, 2, 1],
    from_slot: 540,
    to_slot: 630,
  });
});

it("tells what an override does", () => {
  const t = (word: string, ...values: (string | number)[]) => [word, ...values].join(" ");
  expect(changeWords({ how: "percent", value: 10, measure: "calls" }, t, "en")).toBe(
    "+10.0% plan.override.calls",
  );
  expect(changeWords({ how: "amount", value: -200, measure: "calls" }, t, "en")).toBe(
    "plan.override.a_day -200",
  );
  expect(changeWords({ how: "shape", value: 0, measure: "calls" }, t, "en")).toBe("plan.override.shape");
  expect(slotsWords({ from_slot: 540, to_slot: 1080 })).toBe("09:00–18:00");
  expect(slotsWords({ from_slot: 0, to_slot: 1440 })).toBe("");
});
