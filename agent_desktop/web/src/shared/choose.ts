/** What can be chosen, and what of it fits the words somebody typed. */

import type { ReactNode } from "react";

export interface Option {
  kind: string;
  id: string;
  name: string;
  /** A few words at the right, such as how many wait there. */
  hint?: string;
  /** The heading it stands under; options of one group stand together. */
  group?: string;
  mark?: ReactNode;
  disabled?: boolean;
}

/** The options whose name or id has every word of `text`, in their order; those that begin with it first. */
export function chosen(options: readonly Option[], text: string): Option[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...options];
  const fits = (one: Option) => {
    const said = `${one.name} ${one.id}`.toLocaleLowerCase();
    return words.every((word) => said.includes(word));
  };
  const begins = (one: Option) => one.name.toLocaleLowerCase().startsWith(words[0] ?? "");
  const groups = [...new Set(options.map((one) => one.group))];
  const found = options.filter(fits);
  return found.sort(
    (a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || Number(begins(b)) - Number(begins(a)),
  );
}

/** Whether somebody typed a telephone number rather than a name: digits, as people set them. */
export function isNumber(text: string): boolean {
  const digits = text.match(/[\d０-９]/g)?.length ?? 0;
  return digits >= 3 && /^\s*[+＋]?[\d０-９\s()（）.\-－]+$/.test(text);
}
