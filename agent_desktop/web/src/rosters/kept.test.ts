import { expect, it } from "vitest";
import { keptAt } from "./kept";

it("keeps what each user types apart, whatever they are called", () => {
  const places = [
    ["amy", "ask"],
    ["ben", "ask"],
    ["amy", "absence"],
    ["amy", "decision.1"],
    ["1/amy", "decision"],
    ["1.amy", "decision"],
  ].map(([user = "", name = ""]) => keptAt(user, name));
  expect(new Set(places).size).toBe(places.length);
});
