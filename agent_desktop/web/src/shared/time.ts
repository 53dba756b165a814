/** Times as people read them. */

/** Seconds as `m:ss` or `h:mm:ss`; never negative. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** A share 0..1 as whole percent, or a dash when there is nothing to share. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${Math.round(share * 100)}%`;
}

/** Seconds as a clock, or a dash when unknown. */
export function clockOr(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "–" : clock(seconds);
}

/** A moment (ms) as local date and time; the year only when it is not that of `now` (ms). */
export function moment(
  ms: number | null | undefined,
  locale: string,
  seconds = false,
  now: number = Date.now(),
): string {
  if (ms === null || ms === undefined) return "–";
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    ...(sameYear ? {} : { year: "numeric" }),
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hour12: false,
  }).format(ms);
}

/** A moment (ms) as local time of day with seconds. */
export function timeOfDay(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  }).format(ms);
}

/** How long ago something was, in the largest unit that fits: `5 minutes ago`. */
export function ago(ms: number, locale: string): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (minutes < 60) return words.format(-minutes, "minute");
  if (minutes < 24 * 60) return words.format(-Math.round(minutes / 60), "hour");
  return words.format(-Math.round(minutes / 60 / 24), "day");
}
