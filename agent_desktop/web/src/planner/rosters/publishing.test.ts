import { expect, it } from "vitest";
import type { RosterChange, RosterVersionShown } from "../../shared/schema";
import { inForce, publishing } from "./publishing";

const CHANGE = { person: "1001", day: "2026-12-01", before: null, after: null } as RosterChange;
const PROBLEM = { start: "2026-12-01", people: [{ id: "1001", leave: [] }] };

it("says what publishing would change", () => {
  expect(publishing([CHANGE], PROBLEM, PROBLEM)).toBe("days");
  expect(publishing([], PROBLEM, null)).toBe("first");
  expect(publishing([], PROBLEM, { people: [{ leave: [], id: "1001" }], start: "2026-12-01" })).toBe(
    "nothing",
  );
});

it("tells a problem that alone changed from one that did not", () => {
  const away = { ...PROBLEM, people: [{ id: "1001", leave: [3] }] };
  expect(publishing([], away, PROBLEM)).toBe("problem");
  expect(publishing([], { ...PROBLEM, people: [...PROBLEM.people].reverse() }, PROBLEM)).toBe("nothing");
});

it("finds the version in force of a period", () => {
  const version = (id: number, start: string, current: boolean) =>
    ({ id, start, current }) as RosterVersionShown;
  const versions = [version(3, "2027-01-01", true), version(2, "2026-12-01", true)];
  expect(inForce([version(1, "2026-12-01", false), ...versions], "2026-12-01")?.id).toBe(2);
  expect(inForce(versions, "2026-11-01")).toBeNull();
});
