import { expect, it } from "vitest";
import { DAY } from "../../shared/plot/zone";
import { pickedOf } from "./picked";

const required = {
  starts: [0, 1, 2, 3, 8].map((n) => 1000 * DAY + n * DAY),
  scheduled: [3, 9, 9, 2, 40],
};

it("looks at the interval of the address, else at the first of the busiest of the week that is shown", () => {
  expect(pickedOf(required, String(1003 * DAY + 5))).toBe(3);
  expect(pickedOf(required, null)).toBe(1);
  expect(pickedOf(required, "soon")).toBe(1);
  expect(pickedOf({ starts: [], scheduled: [] }, null)).toBe(-1);
});
