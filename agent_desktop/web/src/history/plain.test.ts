import { expect, it } from "vitest";
import { plain } from "./plain";

it("reads out text, lists and tables", () => {
  expect(plain("main › 1")).toBe("main › 1");
  expect(plain(["main", "loan"])).toBe("main › loan");
  expect(plain({ agent: "a1", filtered: "" })).toBe("agent: a1");
  expect(plain([{ agent: "a1" }, { agent: "a2", idle_s: 3 }])).toBe("agent: a1\nagent: a2, idle_s: 3");
  expect(plain(null)).toBe("");
});
