import { expect, it } from "vitest";
import { forgetDraft, KEPT_MS, loadDraft, NO_DRAFT, saveDraft, sweepDrafts } from "./draft";

function memory() {
  const rows = new Map<string, string>();
  return {
    get length() {
      return rows.size;
    },
    key: (n: number) => [...rows.keys()][n] ?? null,
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: (key: string, value: string) => void rows.set(key, value),
    removeItem: (key: string) => void rows.delete(key),
  };
}

it("gives back what was typed, call by call", () => {
  const keep = memory();
  saveDraft(keep, "c1", { code: "loan", note: "call back 周三" }, 1);
  expect(loadDraft(keep, "c1")).toEqual({ code: "loan", note: "call back 周三" });
  expect(loadDraft(keep, "c2")).toEqual(NO_DRAFT);
});

it("forgets a finished one and survives a broken one", () => {
  const keep = memory();
  saveDraft(keep, "c1", { code: "x", note: "y" }, 1);
  forgetDraft(keep, "c1");
  expect(loadDraft(keep, "c1")).toEqual(NO_DRAFT);
  keep.setItem("callfloor.draft.c1", "{not json");
  expect(loadDraft(keep, "c1")).toEqual(NO_DRAFT);
});

it("sweeps out old and broken drafts and nothing else", () => {
  const keep = memory();
  saveDraft(keep, "old", { code: "", note: "o" }, 1);
  saveDraft(keep, "new", { code: "", note: "n" }, KEPT_MS);
  keep.setItem("callfloor.draft.broken", "{");
  keep.setItem("callfloor.language", "en");
  sweepDrafts(keep, KEPT_MS + 2);
  expect(loadDraft(keep, "old")).toEqual(NO_DRAFT);
  expect(loadDraft(keep, "new").note).toBe("n");
  expect(keep.length).toBe(2);
});
