/** What is wrong with a flow in the language of the page. */

import type { Language } from "../shared/words";
import { SAID } from "./said.zh";

const ANY = "([^]+?)";
const BEFORE_COLON = "((?:(?!: )[^])+?)";
const PLACE = /\{([0-3])\}/g;

const SENTENCES = SAID.map(([english, chinese]) => {
  const order = [...english.matchAll(PLACE)].map(([, n]) => Number(n));
  const parts = english.split(/\{[0-3]\}/).map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // A value a sentence begins with ends before where it is: "node ask: prompts: …".
  const first = parts[0] === "" ? `${BEFORE_COLON}${parts[1]}` : parts.slice(0, 2).join(ANY);
  return { pattern: new RegExp(`^${[first, ...parts.slice(2)].join(ANY)}$`), order, chinese };
});

/** The sentence itself in English, and where nobody has worded it. */
export function said(reason: string, language: Language): string {
  return language === "en" ? reason : (worded(reason) ?? behindPlace(reason) ?? reason);
}

function worded(reason: string): string | null {
  for (const { pattern, order, chinese } of SENTENCES) {
    const found = pattern.exec(reason);
    if (!found) continue;
    const values: string[] = [];
    for (const [at, n] of order.entries()) values[n] = found[at + 1] ?? "";
    // A name is never a sentence, whatever word it is.
    const shown = values.map((one) => (one.includes(" ") && worded(one)) || one);
    return chinese.replace(PLACE, (whole, n) => shown[Number(n)] ?? whole);
  }
  return null;
}

/** `node welcome: prompts: …`: where it is, and what. */
function behindPlace(reason: string): string | null {
  for (let at = reason.indexOf(": "); at >= 0; at = reason.indexOf(": ", at + 1)) {
    const what = worded(reason.slice(at + 2));
    if (what) return `${place(reason.slice(0, at))}：${what}`;
  }
  return null;
}

function place(where: string): string {
  return where
    .replace(/^node (?=\S)/, "节点 ")
    .replace(/^flow\b/, "流程")
    .replaceAll(": ", "：");
}
