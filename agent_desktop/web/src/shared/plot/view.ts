/** Which stretch of time a plot shows: moved by wheel, drag, brush and keys, never out of the data. */

/** From and to in ms, `to` excluded. */
export interface View {
  from: number;
  to: number;
}

export type Move =
  /** Make the stretch `factor` times as long, with the time `at` (or the middle) where it is; below 1: closer. */
  | { kind: "zoom"; at?: number; factor: number }
  /** So long, in ms, ending where it ends now: planners look at the latest. */
  | { kind: "length"; wide: number }
  /** Go on by so much of what is shown: 1 is a whole screen. */
  | { kind: "pan"; by: number }
  | { kind: "show"; from: number; to: number }
  /** Only as far as needed to have a time in sight. */
  | { kind: "reveal"; at: number }
  | { kind: "all" };

export interface Limits extends View {
  /** Nothing closer than this, in ms. */
  least: number;
}

export function moved(view: View, move: Move, limits: Limits): View {
  switch (move.kind) {
    case "all":
      return { from: limits.from, to: limits.to };
    case "show":
      return within({ from: Math.min(move.from, move.to), to: Math.max(move.from, move.to) }, limits);
    case "pan": {
      const by = move.by * (view.to - view.from);
      return within({ from: view.from + by, to: view.to + by }, limits);
    }
    case "zoom": {
      const wide = clamp((view.to - view.from) * move.factor, limits.least, limits.to - limits.from);
      const at = move.at ?? (view.from + view.to) / 2;
      const from = at - ((at - view.from) / (view.to - view.from)) * wide;
      return within({ from, to: from + wide }, limits);
    }
    case "length":
      return within({ from: view.to - move.wide, to: view.to }, limits);
    case "reveal": {
      if (move.at >= view.from && move.at < view.to) return view;
      const wide = view.to - view.from;
      // A little room beside it, so that the next step is in sight too.
      const from = move.at < view.from ? move.at - wide * 0.1 : move.at - wide * 0.9;
      return within({ from, to: from + wide }, limits);
    }
  }
}

/** The same length within the limits; what is longer than them is all there is. */
function within(view: View, limits: Limits): View {
  const all = limits.to - limits.from;
  const wide = clamp(view.to - view.from, Math.min(limits.least, all), all);
  // Grown or cut about its middle.
  const middle = (view.from + view.to) / 2;
  const from = clamp(middle - wide / 2, limits.from, limits.to - wide);
  return { from, to: from + wide };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
