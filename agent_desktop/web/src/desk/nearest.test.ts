import { expect, it } from "vitest";
import type { NearView } from "../shared/types";
import { nearest } from "./nearest";

const near = (id: string, since: number | null, ...rings_at: string[]): NearView => ({
  id,
  queue: "q",
  queue_name: "Q",
  tier_name: "",
  since,
  rings_at,
});

it("puts what rings before what waits, and the longest first", () => {
  const calls = [near("a", 5), near("b", 9, "Li"), near("c", 7, "Wang"), near("d", 2), near("e", 7, "Sun")];
  const table = Object.fromEntries(calls.map((one) => [one.id, one]));
  expect(nearest(table).map((one) => one.id)).toEqual(["c", "e", "b", "d", "a"]);
});
