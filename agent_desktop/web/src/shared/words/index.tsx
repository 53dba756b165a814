/** Which language the page speaks, and `t`, the one way to a string. */

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { en, type Word } from "./en";
import { fill } from "./fill";
import { zh } from "./zh";

export type { Word } from "./en";
export type Language = "zh-CN" | "en";

const DICTIONARIES: Record<Language, Record<Word, string>> = { en, "zh-CN": zh };
const KEY = "callfloor.language";

export interface Words {
  language: Language;
  t: (word: Word, ...values: (string | number)[]) => string;
  /** The person's own choice, remembered on this machine. */
  choose: (language: Language) => void;
  /** The language of the signed-in user, used while nothing was chosen here. */
  suggest: (language: string) => void;
}

const Context = createContext<Words | null>(null);

const known = (language: string | null): Language | null =>
  language?.startsWith("zh") ? "zh-CN" : language?.startsWith("en") ? "en" : null;

export function WordsProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Language | null>(() => known(localStorage.getItem(KEY)));
  const [suggested, setSuggested] = useState<Language | null>(() => known(navigator.language));
  const language = chosen ?? suggested ?? "en";
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = useCallback((next: Language) => {
    localStorage.setItem(KEY, next);
    setChosen(next);
  }, []);
  const suggest = useCallback((next: string) => setSuggested((now) => known(next) ?? now), []);
  const words = useMemo<Words>(
    () => ({ language, choose, suggest, t: (word, ...values) => fill(DICTIONARIES[language][word], values) }),
    [language, choose, suggest],
  );
  return <Context.Provider value={words}>{children}</Context.Provider>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("useWords needs a WordsProvider above it");
  return words;
}
