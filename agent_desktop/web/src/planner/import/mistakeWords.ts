/** The server's sentences about a file in the page's words; one that is not known stays as it came. */

import type { Word, Words } from "../../shared/words";

const SAID: readonly [RegExp, Word][] = [[/^'(.*)' is no number/, "plan.mistake.number"]];

export function mistakeWords(message: string, t: Words["t"]): string {
  for (const [pattern, word] of SAID) {
    const found = pattern.exec(message);
    if (found) return t(word, ...found.slice(1).map((one) => one ?? ""));
  }
  return message.slice(0, 1).toUpperCase() + message.slice(1);
}
