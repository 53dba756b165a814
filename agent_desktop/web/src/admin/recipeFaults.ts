/** What the server says of a recipe, in the page's words. */

import type { Word, Words } from "../shared/words";

const REASONS: [RegExp, (t: Words["t"], found: RegExpExecArray) => string][] = [
  [/^'(.+)' is not among the (queues|groups|skills|tiers)/, (t, m) => t(gone(m[2]), m[1] ?? "")],
  [/put quotes around/, (t) => t("fault.recipe.quotes")],
  [/^is no operation/, (t) => t("fault.recipe.operation")],
  [/^is no condition|is no number; write|is a number; compare/, (t) => t("fault.recipe.condition")],
  [/^there is no figure '(.+)'/, (t, m) => t("fault.recipe.figure", m[1] ?? "")],
  [/^is not understood; write it like (.+)$/, (t, m) => t("fault.recipe.like", m[1] ?? "")],
  [/^must be between (\S+) and (\S+)$/, (t, m) => t("fault.recipe.range", m[1] ?? "", m[2] ?? "")],
  [/^'(.+)' is (?:no number|not understood)/, (t, m) => t("fault.recipe.number", m[1] ?? "")],
  [/^must be a whole number/, (t) => t("fault.recipe.whole")],
  [/^can never be done, because '(.+)' ends/, (t, m) => t("fault.recipe.never", m[1] ?? "")],
  [/^leads to this very queue/, (t) => t("fault.recipe.itself")],
  [/is no span|is outside the day|ends when it begins/, (t) => t("fault.recipe.span")],
];

function gone(kind = "queues"): Word {
  return `fault.recipe.gone.${kind}` as Word;
}

/** Every mistake on a line of its own. */
export function recipeFaults(message: string, t: Words["t"]): string {
  return message
    .split(/; (?=step \d+: )/)
    .map((one) => {
      const step = /^step (\d+): (.*)$/s.exec(one);
      if (step) return t("fault.step", step[1] ?? "", reason(step[2] ?? "", t));
      const line = /^line (\d+): (?:this is not YAML: )?(.*)$/s.exec(one);
      if (line) return t("fault.line", line[1] ?? "", line[2] ?? "");
      return /^must be a list/.test(one) ? t("fault.recipe.steps") : one;
    })
    .join("\n");
}

function reason(said: string, t: Words["t"]): string {
  if (said.startsWith("does nothing")) return t("fault.recipe.nothing");
  if (said.includes("must be a mapping")) return t("fault.recipe.steps");
  const quoted = /^'(.*?)': (.*)$/s.exec(said) ?? /^"(.*?)": (.*)$/s.exec(said);
  if (!quoted) return said;
  const [, text = "", why = ""] = quoted;
  for (const [pattern, words] of REASONS) {
    const found = pattern.exec(why);
    if (found) return t("fault.step.text", text, words(t, found));
  }
  return t("fault.step.text", text, why);
}
