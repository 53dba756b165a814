/** How long to wait before trying again, in milliseconds: doubling from half a second to ten, spread by `chance` (0..1). */
export function backoff_ms(attempt: number, chance: number): number {
  const full = Math.min(10_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * chance);
}
