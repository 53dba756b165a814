/** Names of holidays in the page's language; one that is not known stays as it came. */

import type { Words } from "../shared/words";
import { wordOr } from "../shared/words/choice";

export function holidayWords(name: string, t: Words["t"]): string {
  const key = name.toLowerCase().replace(/['’]/g, "").replace(/\W+/g, "_");
  const words = wordOr(t, "plan.holiday.", key);
  return words === key ? name : words;
}
