import { expect, test } from "vitest";
import type { AgentView } from "../shared/types";
import { handledNow, occupancyNow } from "./goingOn";

const AGENT = { state: "available", handled_s: 60, signed_in_s: 200, occupancy: 0.3, at: 1_000_000 };
const seen = (state: string, more = {}) => ({ ...AGENT, state, ...more }) as AgentView;

test("on a call and in wrap-up the handled time goes on, otherwise it stands", () => {
  expect(handledNow(seen("on_contact"), 1_100_000)).toBe(160);
  expect(handledNow(seen("wrap_up"), 1_100_000)).toBe(160);
  expect(handledNow(seen("available"), 1_100_000)).toBe(60);
});

test("the share rises on a call and falls while waiting for one", () => {
  expect(occupancyNow(seen("on_contact"), 1_200_000)).toBeCloseTo((60 + 200) / 400);
  expect(occupancyNow(seen("available"), 1_200_000)).toBeCloseTo(60 / 400);
  expect(occupancyNow(seen("signed_out"), 1_200_000)).toBe(0.3);
});

test("who has just come has no share yet, and a watch that is behind takes nothing back", () => {
  expect(occupancyNow(seen("paused", { signed_in_s: 0, occupancy: null }), 1_000_000)).toBe(null);
  expect(handledNow(seen("on_contact"), 900_000)).toBe(60);
});
