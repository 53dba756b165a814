import type { Choice } from "../types";

/** The name of a configured choice in the page's language; an unknown id speaks for itself. */
export function choiceName(choices: readonly Choice[], id: string, language: string): string {
  const found = choices.find((one) => one.id === id);
  return found ? (language === "en" ? found.en : found.zh) || found.id : id;
}
