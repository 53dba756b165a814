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
