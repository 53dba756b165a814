/** What a job is at, in the page's words; a stage it does not know stays as it came. */

import type { Words } from "../shared/words";

/** `forecast 9 of 20`. */
const COUNTED = /(\d+) of (\d+)$/;

export function stageWords(stage: string, t: Words["t"]): string {
  const found = COUNTED.exec(stage);
  return found ? t("plan.job.counted", found[1] ?? "", found[2] ?? "") : "";
}
