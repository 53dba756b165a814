import { expect, it } from "vitest";
import { forgetDraft, loadDraft, NO_DRAFT, saveDraft } from "./draft";

function memory() {
  const rows = new Map<string, string>();
  return {
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: (key: string, value: string) => void rows.set(key, value),
    removeItem: (key: string) => void rows.delete(key),
  };
}

it("gives back what was typed, call by call", () => {
  const keep = memory();
  saveDraft(keep, "c1", { code: "loan", note: "call back 周三" });
  expect(loadDraft(keep, "c1")).toEqual({ code: "loan", note: "call back 周三" });
  expect(loadDraft(keep, "c2")).toEqual(NO_DRAFT);
});

it("forgets a finished one and survives a broken one", () => {
  const keep = memory();
  saveDraft(keep, "c1", { code: "x", note: "y" });
  forgetDraft(keep, "c1");
  expect(loadDraft(keep, "c1")).toEqual(NO_DRAFT);
  keep.setItem("callfloor.draft.c1", "{not json");
  expect(loadDraft(keep, "c1")).toEqual(NO_DRAFT);
});
