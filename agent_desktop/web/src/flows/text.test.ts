import { expect, test } from "vitest";
import { blank, lineAt, NAME } from "./text";

test("a line is found by its number, the last one also beyond the end", () => {
  const text = "one\ntwo\n\nfour";
  const at = (line: number) => text.slice(...lineAt(text, line));
  expect([1, 2, 3, 4, 9].map(at)).toEqual(["one", "two", "", "four", "four"]);
});

test("a new flow bears its name in the first line", () => {
  expect(blank("shop").split("\n")[0]).toBe("flow: shop");
  expect(["shop", "_a-1", "1a", "a b", ""].filter((name) => NAME.test(name))).toEqual(["shop", "_a-1"]);
});
