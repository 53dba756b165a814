/** What the server finds wrong with a form, by field. */

import { faultWords } from "../admin/check";
import type { Problem } from "../shared/api";
import type { Words } from "../shared/words";

/** By names of `known` (`target.asa_s` or `target`); what belongs to none of them stands under "". */
export function faultsIn(problem: Problem, known: readonly string[], t: Words["t"]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const { at, message } of problem.errors) {
    const path = at.replace(/^body\.?/, "");
    const place = known.find((one) => path === one) ?? known.find((one) => path.startsWith(`${one}.`)) ?? "";
    const said = faultWords(message.replace(/^Value error, /, ""), t);
    const words = place || !path ? said : `${path}: ${said}`;
    faults[place] = faults[place] ? `${faults[place]} ${words}` : words;
  }
  return faults;
}
