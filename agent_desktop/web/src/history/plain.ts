/** Whatever the server told, as readable text: lists joined, tables as `name: value` lines, empties left out. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) {
    const flat = value.every((one) => typeof one !== "object");
    return value
      .map(plain)
      .filter(Boolean)
      .join(flat ? " › " : "\n");
  }
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, one]) => [name, plain(one)] as const)
      .filter(([, text]) => text)
      .map(([name, text]) => `${name}: ${text}`)
      .join(", ");
  }
  return String(value);
}
