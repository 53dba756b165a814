/** Opening hours between the form's seven lines and the row's table. */

export type Spans = [string, string][];
export type Hours = Record<string, Spans>;
/** A day as it is being typed: spans once they can be read, text until then. */
export type HoursTyped = Record<string, Spans | string>;

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export function spansText(spans: Spans | string | undefined): string {
  return typeof spans === "string" ? spans : (spans ?? []).map(([a, b]) => `${a}-${b}`).join(" ");
}

/** The spans of `09:00-12:00 13:00-18:00`; none for an empty line, null when it cannot be read. */
export function readSpans(text: string): Spans | null {
  const spans: Spans = [];
  // People also write full-width colons, dashes of every kind, and commas between spans.
  const plain = text.replaceAll("：", ":").replace(/\s*[–—－~～至]\s*|\s*-\s*/g, "-");
  for (const span of plain.split(/[\s,，、;；]+/).filter(Boolean)) {
    const match = /^(\d{1,2}:[0-5]\d)-(\d{1,2}:[0-5]\d)$/.exec(span);
    const [from, to] = [match?.[1]?.padStart(5, "0"), match?.[2]?.padStart(5, "0")];
    if (!from || !to || from >= to || to > "24:00") return null;
    spans.push([from, to]);
  }
  return spans;
}
