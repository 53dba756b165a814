/** The note being typed, kept on this machine until the server has the finished one: a reload loses nothing. */

export interface Draft {
  code: string;
  note: string;
}

export const NO_DRAFT: Draft = { code: "", note: "" };

/** What `localStorage` is to this file. */
export interface Keep {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** How long a draft that nobody finished is kept, in milliseconds: three days. */
export const KEPT_MS = 3 * 24 * 3600 * 1000;

const PREFIX = "callfloor.draft.";
const keyOf = (call: string) => PREFIX + call;

function read(keep: Keep, key: string): (Draft & { at: number }) | null {
  try {
    const found = JSON.parse(keep.getItem(key) ?? "null") as Partial<Draft & { at: number }> | null;
    if (!found) return null;
    return { code: String(found.code ?? ""), note: String(found.note ?? ""), at: Number(found.at ?? 0) };
  } catch {
    return null;
  }
}

/** The draft of one call; an unreadable one counts as none. */
export function loadDraft(keep: Keep, call: string): Draft {
  const found = read(keep, keyOf(call));
  return found ? { code: found.code, note: found.note } : NO_DRAFT;
}

/** Keep a draft, written at `now` (ms). */
export function saveDraft(keep: Keep, call: string, draft: Draft, now: number): void {
  keep.setItem(keyOf(call), JSON.stringify({ ...draft, at: now }));
}

export function forgetDraft(keep: Keep, call: string): void {
  keep.removeItem(keyOf(call));
}

/** Forget drafts nobody came back to, and unreadable ones. */
export function sweepDrafts(keep: Keep, now: number): void {
  const keys = Array.from({ length: keep.length }, (_, n) => keep.key(n) ?? "");
  for (const key of keys.filter((one) => one.startsWith(PREFIX)))
    if ((read(keep, key)?.at ?? 0) < now - KEPT_MS) keep.removeItem(key);
}
