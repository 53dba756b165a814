import type { Choice } from "../types";
import { en, type Word } from "./en";
import type { Words } from "./index";

/** The name of a configured choice in the page's language; an unknown id speaks for itself. */
export function choiceName(choices: readonly Choice[], id: string, language: string): string {
  const found = choices.find((one) => one.id === id);
  return found ? (language === "en" ? found.en : found.zh) || found.id : id;
}

/** The page's word for one of the server's own (`outcome.` + `abandoned`); one it does not know stays as it came. */
export function wordOr(t: Words["t"], prefix: string, value: string | null | undefined): string {
  if (!value) return "";
  const word = prefix + value;
  return word in en ? t(word as Word) : value;
}

/** Why an agent is paused: one of the configured reasons, or the floor's own. */
export function reasonName(choices: readonly Choice[], id: string, words: Words): string {
  const configured = choices.some((one) => one.id === id);
  return configured ? choiceName(choices, id, words.language) : wordOr(words.t, "reason.", id);
}
