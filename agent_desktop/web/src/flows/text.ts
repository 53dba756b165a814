/** The text of a flow, as far as the page needs to know it. */

/** What a new flow begins with: nothing is wrong with it. */
export function blank(name: string, queue: string): string {
  return `flow: ${name}
version: 1
title: ${name}
languages: [zh-CN, en]
default_queue: ${queue}
entry: welcome

nodes:
  welcome:
    type: say
    prompts:
      zh-CN: 您好，欢迎致电。
      en: Welcome.
    next: end

  end:
    type: hang_up
`;
}

/** Where a line, counted from 1, begins and ends in the text. */
export function lineAt(text: string, line: number): [number, number] {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return [start, text.length];
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return [start, end < 0 ? text.length : end];
}

export type Kind = "added" | "removed" | "place" | null;

/** The lines of a unified difference and what each tells; the first two name the versions. */
export function withKind(text: string): { key: number; line: string; kind: Kind }[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, key) => ({ key, line, kind: key < 2 || line.startsWith("@@") ? "place" : kindOf(line) }));
}

function kindOf(line: string): Kind {
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : null;
}

export const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
