import { expect, it } from "vitest";
import { anewBody, isOf, readSought, type Wanted } from "./anew";

const WANTED: Wanted = {
  kind: "replan",
  day: "2026-12-01",
  from: 600,
  ill: ["1001"],
  name: "cards",
  more: 20,
};

it("sends of each kind what it takes", () => {
  const more = [{ name: "cards", factor: 1.2 }];
  const of = { day: "2026-12-01", from_minute: 600 };
  expect(anewBody(WANTED)).toEqual({ kind: "replan", ...of, ill: [{ person: "1001" }], demand: more });
  expect(anewBody({ ...WANTED, kind: "duties" })).toEqual({ kind: "duties", ...of, demand: more });
  expect(anewBody({ ...WANTED, kind: "breaks" })).toEqual({ kind: "breaks", ...of });
});

it("takes no proposal for what is not wanted any more", () => {
  expect(isOf(null, WANTED)).toBe(false);
  expect(isOf(WANTED, { ...WANTED })).toBe(true);
  for (const other of [
    { ill: ["1002"] },
    { from: 615 },
    { name: null },
    { more: 30 },
    { kind: "breaks" as const },
  ])
    expect(isOf(WANTED, { ...WANTED, ...other })).toBe(false);
  // Who is ill is nothing to breaks.
  expect(isOf({ ...WANTED, kind: "breaks" }, { ...WANTED, kind: "breaks", ill: [] })).toBe(true);
});

it("takes up a proposal that was kept, and nothing that is none", () => {
  const sought = { number: 7, asked: WANTED };
  expect(readSought(JSON.stringify(sought))).toEqual(sought);
  for (const other of [
    null,
    "",
    "{",
    "7",
    "{}",
    JSON.stringify({ number: "7", asked: WANTED }),
    JSON.stringify({ number: 7 }),
    JSON.stringify({ number: 7, asked: { ...WANTED, kind: "other" } }),
    JSON.stringify({ number: 7, asked: { ...WANTED, ill: "1001" } }),
  ])
    expect(readSought(other)).toBeNull();
});
