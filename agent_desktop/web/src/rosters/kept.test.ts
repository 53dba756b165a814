import { afterEach, expect, it, vi } from "vitest";
import { keep, keptAt } from "./kept";

afterEach(() => vi.unstubAllGlobals());

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

it("goes on where there is no room to keep anything", () => {
  const room = new Map<string, string>();
  const setItem = (place: string, text: string) => {
    if (room.size) throw new DOMException("full", "QuotaExceededError");
    room.set(place, text);
  };
  vi.stubGlobal("sessionStorage", { setItem });
  keep("a", "1");
  keep("b", "2");
  expect([...room]).toEqual([["a", "1"]]);
});
