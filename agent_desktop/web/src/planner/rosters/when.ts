/** Moments of the past, in the roster's zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** `Nov 25, 09:15`. */
export function when(at: number, zone: string, language: string): string {
  const key = `${zone} ${language}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, {
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
    });
    formats.set(key, format);
  }
  return format.format(at);
}
