/** Round figures for an axis. */

/** The next figure of the form 1, 2 or 5 times a power of ten that is not less; at least 2. */
export function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const factor = [1, 2, 4, 5, 10].find((one) => one * power >= value) ?? 10;
  return Math.max(2, factor * power);
}

/** Where lines are drawn up to `most`: whole figures, five at the most. */
export function ticks(most: number): number[] {
  const step = [4, 5, 2, 1].map((parts) => most / parts).find(Number.isInteger) ?? most;
  return Array.from({ length: Math.round(most / step) + 1 }, (_, n) => n * step);
}

/** Round figures within `low` to `high`, both ends included where they are round: about `wanted` of them. */
export function roundTicks(low: number, high: number, wanted: number): number[] {
  if (!(high > low) || wanted < 1) return Number.isFinite(low) ? [low] : [];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Whole steps, not sums of steps: 0.3 is no 0.30000000000000004.
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) =>
    Number(((first + n) * step).toFixed(digits)),
  );
}

/** From figures of `from` to places of `to`, on a straight line; the middle of `to` where `from` is a point. */
export function linear(from: readonly [number, number], to: readonly [number, number]) {
  const wide = from[1] - from[0];
  return (value: number) =>
    wide === 0 ? (to[0] + to[1]) / 2 : to[0] + ((value - from[0]) / wide) * (to[1] - to[0]);
}
