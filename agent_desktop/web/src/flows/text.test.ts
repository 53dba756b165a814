import { expect, test } from "vitest";
import { blank, lineAt, NAME, withKind } from "./text";

test("a line is found by its number, the last one also beyond the end", () => {
  const text = "one\ntwo\n\nfour";
  const at = (line: number) => text.slice(...lineAt(text, line));
  expect([1, 2, 3, 4, 9].map(at)).toEqual(["one", "two", "", "four", "four"]);
});

test("a new flow bears its name in the first line", () => {
  expect(blank("shop", "desk").split("\n")[0]).toBe("flow: shop");
  expect(["shop", "_a-1", "1a", "a b", ""].filter((name) => NAME.test(name))).toEqual(["shop", "_a-1"]);
});

test("a difference tells lines that came, went and stayed; a list's dash is no sign", () => {
  const text = "--- shop version 1\n+++ shop version 2\n@@ -1,2 +1,2 @@\n flow: shop\n-- a\n+- b\n";
  expect(withKind(text).map((one) => one.kind)).toEqual([
    "place",
    "place",
    "place",
    null,
    "removed",
    "added",
  ]);
});
