/** The text of a flow, as far as the page needs to know it. */

/** What a new flow begins with. */
export function blank(name: string): string {
  return `flow: ${name}
version: 1
title: ""
languages: [zh-CN, en]
default_queue: default
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

export const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
