import { describe, expect, it } from "vitest";
import { Problem } from "../shared/api";
import { en, type Word } from "../shared/words/en";
import { fill } from "../shared/words/fill";
import { check, faultsOf, faultWords } from "./check";
import { pointing } from "./dependents";
import { blank, FIELDS, KINDS, type Row, toSend } from "./fields";
import { readSpans, spansText } from "./hours";

const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);

describe("opening hours", () => {
  it("come back from text as they went in", () => {
    const spans = [
      ["09:00", "12:00"],
      ["13:00", "24:00"],
    ] as [string, string][];
    expect(readSpans(spansText(spans))).toEqual(spans);
    expect(readSpans("  ")).toEqual([]);
  });

  it("are read as people type them", () => {
    expect(readSpans("9:00 – 12:00，13：00-18:00")).toEqual([
      ["09:00", "12:00"],
      ["13:00", "18:00"],
    ]);
  });

  it("refuse a line that cannot be meant", () => {
    for (const bad of ["9-10", "10:00-09:00", "25:00-26:00", "09:00", "closed"])
      expect(readSpans(bad)).toBeNull();
  });
});

describe("rows", () => {
  it("start with every field present", () => {
    for (const kind of KINDS)
      expect(Object.keys(blank(kind))).toEqual(["id", ...FIELDS[kind].map((f) => f.name)]);
  });

  it("send a password only when one was typed", () => {
    expect("password" in toSend("users", blank("users"))).toBe(false);
    expect(toSend("users", { ...blank("users"), password: "x" }).password).toBe("x");
  });

  it("are asked only for what is missing when they start", () => {
    const missing = (kind: (typeof KINDS)[number]) => Object.keys(check(kind, blank(kind), true, t));
    expect(missing("queues")).toEqual(["name"]);
    expect(missing("users")).toEqual(["id", "name", "password"]);
    expect(missing("entry-numbers")).toEqual(["id", "name", "flow"]);
  });
});

describe("faults", () => {
  it("tell a number out of bounds in its own unit", () => {
    const row = { ...blank("queues"), name: "x", target_share: 8, ring_s: 0 };
    expect(check("queues", row, true, t)).toEqual({
      target_share: t("fault.max", "100%"),
      ring_s: t("fault.min", 1),
    });
  });

  it("of the server stand at their fields, the rest together", () => {
    const problem = new Problem(422, "", "", null, [
      { at: "hours.mon", message: "is missing" },
      { at: "device", message: "desk-1 already rings for agent 1001" },
      { at: "surprise", message: "is no field of this kind" },
    ]);
    expect(faultsOf(problem, ["hours", "device"], t)).toEqual({
      hours: t("fault.missing"),
      device: t("fault.rings", "1001"),
      "": "surprise is no field of this kind",
    });
  });

  it("nobody has words for stay as they came", () => {
    expect(faultWords("is not right: input is odd", t)).toBe("Input is odd");
  });
});

describe("what depends on a row", () => {
  it("are the rows that name it in a field for its kind", () => {
    const agents: Row[] = [
      { id: "1", queues: ["a"], skills: [] },
      { id: "2", queues: ["b"], skills: ["a"] },
    ];
    expect(pointing("agents", agents, "queues", "a").map((r) => r.id)).toEqual(["1"]);
  });
});
