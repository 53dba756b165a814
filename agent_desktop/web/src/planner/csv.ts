/** The first rows of a CSV file, so that its columns can be named before it is sent. */

export interface Head {
  headings: string[];
  rows: string[][];
}

const SEPARATORS = [",", ";", "\t", "|"];

/** Bytes as text: with a mark of their order as that says, else UTF-8, else GB 18030 as Chinese Excel writes. */
export function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    // What was cut in the middle of a letter is no other encoding: `stream` leaves it out.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Headings and up to `most` rows of the beginning of a CSV file; null where it has no two columns. */
export function head(text: string, most = 3): Head | null {
  const separator = separatorOf(text);
  const rows = parse(text, separator, most + 1);
  const [headings, ...rest] = rows;
  if (!headings || headings.length < 2) return null;
  return { headings: headings.map((one) => one.trim()), rows: rest };
}

function separatorOf(text: string): string {
  const line = text.split(/\r?\n/).find((one) => one.trim()) ?? "";
  const count = (one: string) => line.split(one).length;
  return [...SEPARATORS].sort((a, b) => count(b) - count(a))[0] ?? ",";
}

/** Rows that are not empty; a quoted cell may hold separators, quotes (doubled) and ends of lines. */
function parse(text: string, separator: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const end = () => {
    row.push(cell);
    if (row.some((one) => one.trim())) rows.push(row);
    row = [];
    cell = "";
  };
  for (let n = 0; n < text.length && rows.length < most; n++) {
    const one = text[n] as string;
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text[n + 1] === '"') {
        cell += '"';
        n++;
      } else quoted = false;
    } else if (one === '"' && !cell.trim()) {
      quoted = true;
      cell = "";
    } else if (one === separator) {
      row.push(cell);
      cell = "";
    } else if (one === "\n") end();
    else if (one !== "\r") cell += one;
  }
  if (rows.length < most && (cell || row.length)) end();
  return rows;
}

/** What a column can be; the others of the server are found by their headings alone. */
export const ROLES = [
  "timestamp",
  "date",
  "time",
  "queue",
  "calls",
  "answered",
  "abandoned",
  "ivr",
  "aht_s",
] as const;
export type Role = (typeof ROLES)[number];

/** `timestamp=Datum,calls=Anrufe`, as the server reads it. A heading with a comma cannot be said. */
export function columnMap(chosen: Partial<Record<Role, string>>): string {
  return ROLES.filter((role) => chosen[role] && !chosen[role].includes(","))
    .map((role) => `${role}=${chosen[role]}`)
    .join(",");
}

export interface Place {
  row: number | null;
  column: string;
}

/** Where a fault of a file is, from `row 12, calls`. */
export function placeOf(at: string): Place {
  const found = /^(?:row (\d+))?(?:, )?(.*)$/.exec(at);
  return { row: found?.[1] ? Number(found[1]) : null, column: found?.[2] ?? "" };
}
