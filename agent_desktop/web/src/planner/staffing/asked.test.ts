import { expect, it } from "vitest";
import { askedOf, bodyOf, readAsked, shrinkageOf, USUAL } from "./asked";

const asked = {
  ...USUAL,
  abandonment: 5 as const,
  shrinkage: [
    { reason: "breaks", percent: 10 as const, of: "present" as const },
    { reason: " ", percent: 30 as const, of: "paid" as const },
    { reason: "leave", percent: "" as const, of: "paid" as const },
    { reason: "illness", percent: 12.5 as const, of: "paid" as const },
  ],
};

it("asks in shares and seconds, and leaves out what is not said", () => {
  expect(bodyOf(asked)).toMatchObject({
    target: { service_level: 0.8, within_s: 20, asa_s: null, abandonment: 0.05, occupancy: null },
    patience_s: 180,
    aht_s: null,
    shrinkage: [
      { reason: "breaks", share: 0.1, of: "present" },
      { reason: "illness", share: 0.125, of: "paid" },
    ],
  });
  expect(bodyOf({ ...asked, patience_s: "" })?.patience_s).toBeNull();
  expect(bodyOf({ ...asked, within_s: 0 })?.target?.within_s).toBe(0);
  expect(bodyOf({ ...asked, service_level: "", abandonment: "" })).toBeNull();
  expect(bodyOf({ ...asked, service_level: "", asa_s: 30 })?.target).toMatchObject({
    service_level: null,
    asa_s: 30,
  });
});

it("comes back into the form as it was asked", () => {
  const body = bodyOf(asked);
  expect(body).not.toBeNull();
  if (body) expect(bodyOf(askedOf(body))).toEqual(body);
});

it("adds up who is away for the same time, and takes breaks of those who are there", () => {
  const rows = [
    { reason: "leave", percent: 10 as const, of: "paid" as const },
    { reason: "illness", percent: 5 as const, of: "paid" as const },
    { reason: "breaks", percent: 20 as const, of: "present" as const },
  ];
  expect(shrinkageOf({ ...USUAL, shrinkage: rows })).toBeCloseTo(32, 9);
  expect(shrinkageOf(USUAL)).toBe(0);
});

it("takes what was kept on this machine, or the usual", () => {
  expect(readAsked(JSON.stringify(asked))).toEqual(asked);
  expect([readAsked(undefined), readAsked("{"), readAsked("[]"), readAsked("7")]).toEqual([
    USUAL,
    USUAL,
    USUAL,
    USUAL,
  ]);
});
