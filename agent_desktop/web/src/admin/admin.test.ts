import { describe, expect, it } from "vitest";
import { Problem } from "../shared/api";
import { en, type Word } from "../shared/words/en";
import { fill } from "../shared/words/fill";
import { check, faultsOf, faultWords } from "./check";
import { pointing } from "./dependents";
import { blank, FIELDS, flat, isShown, KINDS, type Row, toSend } from "./fields";
import { readSpans, spansText } from "./hours";
import {
  capacityTexts,
  readCapacity,
  readMembers,
  readSkills,
  readSpan,
  spanText,
  writeMembers,
  writeSkills,
} from "./members";
import { recipeText } from "./recipe";
import { recipeFaults } from "./recipeFaults";

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

describe("a row in parts", () => {
  const queue: Row = {
    id: "q",
    name: "Q",
    callback: { expires_s: 3600, quiet: ["22:00", "07:00"], attempts: 3, retry_s: 60 },
  };

  it("is a flat form and the same row again", () => {
    const form = flat("queues", queue);
    expect(form["callback.attempts"]).toBe(3);
    expect("callback" in form).toBe(false);
    expect(toSend("queues", form)).toEqual(queue);
  });

  it("is sent as it was typed where only the server can read it", () => {
    const form = { ...flat("queues", queue), "callback.quiet": "21：00–8:30", recipe: "- do: hang up" };
    const sent = toSend("queues", form);
    expect(sent.callback).toMatchObject({ quiet: ["21:00", "08:30"] });
    expect(sent.recipe).toBe("- do: hang up");
    expect(toSend("agents", { id: "a", capacity: ["chat 3"] }).capacity).toEqual({ chat: 3 });
  });

  it("shows a field only where it means something", () => {
    const shown = (row: Row) => FIELDS.queues.filter((f) => f.only && isShown(f, row)).map((f) => f.name);
    expect(shown({ id: "q", strategy: "round_robin" })).toEqual([]);
    expect(shown({ id: "q", strategy: "ring_progressively", home_branch_first: true })).toEqual([
      "busy_by",
      "busy_window_s",
      "ring_next_s",
      "home_branch_s",
    ]);
  });
});

describe("an agent's lists", () => {
  it("are short where level and penalty say nothing", () => {
    const queues = ["all", { queue: "vip", level: 2, penalty: 5 }];
    expect(readMembers(queues)).toEqual([
      { id: "all", level: 1, penalty: 0 },
      { id: "vip", level: 2, penalty: 5 },
    ]);
    expect(writeMembers(readMembers(queues))).toEqual(queues);
    expect(writeSkills(readSkills(["english", "wealth/3"]))).toEqual(["english", "wealth/3"]);
  });

  it("of contacts at a time are read as people write them", () => {
    expect(capacityTexts({ voice: 1, chat: 3 })).toEqual(["voice 1", "chat 3"]);
    expect(readCapacity(["Voice 1", "chat=3", "mail：2"])).toEqual({ voice: 1, chat: 3, mail: 2 });
    expect(readCapacity({})).toEqual({});
    for (const bad of ["voice", "3", "chat many", "chat -1"]) expect(readCapacity([bad])).toBeNull();
  });

  it("of quiet hours may go over midnight or be empty", () => {
    expect(readSpan("21:00-8:00")).toEqual(["21:00", "08:00"]);
    expect(readSpan("")).toEqual(["00:00", "00:00"]);
    expect([spanText(["21:00", "08:00"]), spanText(["00:00", "00:00"])]).toEqual(["21:00-08:00", ""]);
    for (const bad of ["21", "25:00-08:00", "21:00"]) expect(readSpan(bad)).toBeNull();
  });
});

describe("a recipe", () => {
  const kept = [
    { when: ["wait >= 30"], do: ["relax english to 2"], repeat: false, every: 15 },
    {
      when: ["wait >= 60", "tier in gold,silver"],
      do: ["raise 10", "announce 请稍候: 马上接通", "to queue night"],
      repeat: true,
      every: 30,
    },
  ];

  it("is text as files have it", () => {
    expect(recipeText(kept)).toBe(
      [
        "- when: wait >= 30",
        "  do: relax english to 2",
        "",
        "- when: wait >= 60 and tier in gold,silver",
        "  do:",
        "    - raise 10",
        '    - "announce 请稍候: 马上接通"',
        "    - to queue night",
        "  repeat: true",
        "  every: 30",
      ].join("\n"),
    );
    expect(recipeText("- do: x")).toBe("- do: x");
    expect(recipeText([])).toBe("");
  });

  it("keeps what it names", () => {
    const queues: Row[] = [{ id: "vip", recipe: kept }];
    const used = (kind: (typeof KINDS)[number], id: string) => pointing("queues", queues, kind, id).length;
    expect([used("queues", "night"), used("skills", "english"), used("tiers", "silver")]).toEqual([1, 1, 1]);
    expect([used("queues", "vip"), used("groups", "night"), used("skills", "raise")]).toEqual([0, 0, 0]);
  });

  it("is told its mistakes a line each", () => {
    const said =
      "step 1: 'to queue gone': 'gone' is not among the queues; step 2: 'wait >= x': 'x' is no number; " +
      "step 3: does nothing; write what to do under do; step 4: 'dance': is no operation; there are relax …";
    expect(recipeFaults(said, t).split("\n")).toEqual([
      "Step 1: “to queue gone”: there is no queue “gone”.",
      "Step 2: “wait >= x”: “x” is no number.",
      "Step 3: does nothing; write what to do under do.",
      "Step 4: “dance”: is none of the operations below.",
    ]);
    expect(recipeFaults("line 2: this is not YAML: x", t)).toBe(
      "Line 2 cannot be read; words with a colon need quotes (x).",
    );
  });
});

describe("faults", () => {
  it("tell a number out of bounds in its own unit", () => {
    const row = { ...blank("queues"), name: "x", target_share: 8, ring_s: 0 };
    expect(check("queues", row, true, t)).toEqual({
      target_share: t("fault.max", "100%"),
      ring_s: t("fault.min", 1),
    });
    const queue = { ...row, target_share: 0.8, ring_s: 15, busy_window_s: 30, "callback.expires_s": 9e9 };
    expect(check("queues", queue, true, t)).toEqual({
      busy_window_s: t("fault.min", 1),
      "callback.expires_s": t("fault.max", 720),
    });
  });

  it("tell a cap below where calls start, and what cannot be read", () => {
    const queue = { ...blank("queues"), name: "x", base_priority: 300, "callback.quiet": "night" };
    expect(check("queues", queue, true, t)).toEqual({
      age_cap: t("fault.cap", 300),
      "callback.quiet": t("fault.span"),
    });
    expect(check("agents", { ...blank("agents"), name: "x", capacity: ["chat"] }, true, t)).toEqual({
      capacity: t("fault.capacity"),
    });
  });

  it("of the server stand at their fields, the rest together", () => {
    const problem = new Problem(422, "", "", null, [
      { at: "hours.mon", message: "is missing" },
      { at: "device", message: "desk-1 already rings for agent 1001" },
      { at: "callback.attempts", message: "is missing" },
      { at: "surprise", message: "is no field of this kind" },
    ]);
    expect(faultsOf(problem, ["hours", "device", "callback.attempts"], t)).toEqual({
      hours: t("fault.missing"),
      "callback.attempts": t("fault.missing"),
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
      { id: "2", queues: [{ queue: "b", level: 2, penalty: 0 }], skills: ["a/3"] },
    ];
    expect(pointing("agents", agents, "queues", "a").map((r) => r.id)).toEqual(["1"]);
    expect(pointing("agents", agents, "queues", "b").map((r) => r.id)).toEqual(["2"]);
    expect(pointing("agents", agents, "skills", "a").map((r) => r.id)).toEqual(["2"]);
  });
});
