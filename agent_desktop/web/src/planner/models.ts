/** The names of forecast models, for people; several that were combined are joined by "+". */

import type { Words } from "../shared/words";
import { wordOr } from "../shared/words/choice";

export function modelWords(model: string, t: Words["t"]): string {
  return model
    .split("+")
    .map((one) => wordOr(t, "plan.model.", one.replace(/\W/g, "_")))
    .join(" + ");
}
