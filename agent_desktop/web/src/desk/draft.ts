/** The note being typed, kept on this machine until the server has the finished one: a reload loses nothing. */

export interface Draft {
  code: string;
  note: string;
}

export const NO_DRAFT: Draft = { code: "", note: "" };

export interface Keep {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const keyOf = (call: string) => `callfloor.draft.${call}`;

/** The draft of one call; an unreadable one counts as none. */
export function loadDraft(keep: Keep, call: string): Draft {
  const raw = keep.getItem(keyOf(call));
  if (!raw) return NO_DRAFT;
  try {
    const read = JSON.parse(raw) as Partial<Draft>;
    return { code: String(read.code ?? ""), note: String(read.note ?? "") };
  } catch {
    return NO_DRAFT;
  }
}

export function saveDraft(keep: Keep, call: string, draft: Draft): void {
  keep.setItem(keyOf(call), JSON.stringify(draft));
}

export function forgetDraft(keep: Keep, call: string): void {
  keep.removeItem(keyOf(call));
}
