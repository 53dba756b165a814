import { expect, it } from "vitest";
import { type Limits, type Move, moved, type View } from "./view";

const LIMITS: Limits = { from: 0, to: 1000, least: 10 };

it("looks closer about the pointer, which keeps its time", () => {
  expect(moved({ from: 0, to: 1000 }, { kind: "zoom", at: 250, factor: 0.5 }, LIMITS)).toEqual({
    from: 125,
    to: 625,
  });
  expect(moved({ from: 100, to: 120 }, { kind: "zoom", at: 110, factor: 0.01 }, LIMITS)).toEqual({
    from: 105,
    to: 115,
  });
});

it("looks closer about the middle where nothing is pointed at, and takes a length from the end", () => {
  expect(moved({ from: 0, to: 1000 }, { kind: "zoom", factor: 0.5 }, LIMITS)).toEqual({ from: 250, to: 750 });
  expect(moved({ from: 0, to: 800 }, { kind: "length", wide: 100 }, LIMITS)).toEqual({ from: 700, to: 800 });
  expect(moved({ from: 0, to: 50 }, { kind: "length", wide: 100 }, LIMITS)).toEqual({ from: 0, to: 100 });
});

it("goes on by what is shown and stops at the ends", () => {
  expect(moved({ from: 100, to: 200 }, { kind: "pan", by: 0.5 }, LIMITS)).toEqual({ from: 150, to: 250 });
  expect(moved({ from: 100, to: 200 }, { kind: "pan", by: -9 }, LIMITS)).toEqual({ from: 0, to: 100 });
  expect(moved({ from: 100, to: 200 }, { kind: "pan", by: 99 }, LIMITS)).toEqual({ from: 900, to: 1000 });
});

it("takes a brush drawn either way, and goes only as far as a time out of sight", () => {
  expect(moved({ from: 0, to: 1 }, { kind: "show", from: 300, to: 200 }, LIMITS)).toEqual({
    from: 200,
    to: 300,
  });
  expect(moved({ from: 100, to: 200 }, { kind: "reveal", at: 150 }, LIMITS)).toEqual({ from: 100, to: 200 });
  expect(moved({ from: 100, to: 200 }, { kind: "reveal", at: 300 }, LIMITS)).toEqual({ from: 210, to: 310 });
  expect(moved({ from: 100, to: 200 }, { kind: "reveal", at: 50 }, LIMITS)).toEqual({ from: 40, to: 140 });
});

it("never leaves the data and never comes closer than it may, whatever is done", () => {
  let seed = 7;
  const chance = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (const limits of [LIMITS, { from: -50, to: -45, least: 10 }]) {
    let view: View = { from: limits.from, to: limits.to };
    for (let n = 0; n < 2000; n++) {
      const moves: Move[] = [
        { kind: "zoom", at: view.from + chance() * (view.to - view.from), factor: chance() * 3 + 0.01 },
        { kind: "pan", by: chance() * 4 - 2 },
        { kind: "show", from: chance() * 2000 - 500, to: chance() * 2000 - 500 },
        { kind: "reveal", at: chance() * 2000 - 500 },
      ];
      view = moved(view, moves[n % moves.length] as Move, limits);
      expect(view.from).toBeGreaterThanOrEqual(limits.from - 1e-6);
      expect(view.to).toBeLessThanOrEqual(limits.to + 1e-6);
      expect(view.to - view.from).toBeGreaterThanOrEqual(
        Math.min(limits.least, limits.to - limits.from) - 1e-6,
      );
    }
  }
});
