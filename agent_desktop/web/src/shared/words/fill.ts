/** The text with `{0}`, `{1}` … replaced by the values. */
export function fill(text: string, values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, n: string) => {
    const value = values[Number(n)];
    return value === undefined ? whole : String(value);
  });
}
