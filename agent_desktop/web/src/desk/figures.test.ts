import { describe, expect, it } from "vitest";
import type { CallSummary } from "../shared/schema";
import { figures } from "./figures";

const call = (agent: string | null, talk_s: number, answered: number | null = 1) =>
  ({ agent, talk_s, answered }) as CallSummary;

describe("an agent's day", () => {
  it("counts the calls they answered and nobody else's", () => {
    const calls = [call("a", 60), call("a", 30), call("b", 500), call("a", 0, null), call(null, 0, null)];
    expect(figures(calls, "a")).toEqual({ answered: 2, talk_s: 90, average_s: 45 });
  });

  it("has no average before the first call", () => {
    expect(figures([], "a").average_s).toBeNull();
  });
});
