import { expect, it } from "vitest";
import { en, type Word } from "../shared/words/en";
import { fill } from "../shared/words/fill";
import { considered, detail, type Teller } from "./tell";

const t = (word: Word, ...values: (string | number)[]) => fill(en[word], values);
const teller: Teller = {
  t,
  names: {
    agent: (id) => ({ wang: "Wang Fang" })[id] ?? id,
    queue: (id) => ({ personal: "Personal banking", loans: "Loans" })[id] ?? id,
    tier: (id) => ({ gold: "Gold" })[id] ?? id,
    code: (id) => ({ enquiry: "Enquiry" })[id] ?? id,
  },
};
const line = (kind: string, params: Record<string, string>, said = "as the server says") => ({
  at: 0,
  what: kind.replace("_", " "),
  detail: said,
  kind,
  params,
});
const told = (kind: string, params: Record<string, string>) => detail(line(kind, params), teller);

it("tells each kind with names instead of ids", () => {
  expect(told("identified", { match: "one", name: "Ada", customer: "k1", tier: "gold" })).toBe("Ada · Gold");
  expect(told("identified", { match: "many", count: "2" })).toContain("2");
  expect(told("overflowed", { queue: "personal", target: "loans" })).toBe("Personal banking → Loans");
  expect(told("transfer", { agent: "wang", to: "queue", target: "loans" })).toBe("Wang Fang → Loans");
  expect(told("transfer", { agent: "wang", to: "number", target: "+861" })).toBe("Wang Fang → +861");
  expect(told("noted", { agent: "wang", code: "enquiry" })).toBe("Wang Fang · Enquiry");
  expect(told("finished", { outcome: "answered", ended_by: "agent" })).toContain("Answered");
  expect(told("leg_ended", { leg: "c1.2", reason: "busy" })).not.toBe(
    told("leg_ended", { leg: "c1", reason: "busy" }),
  );
});

it("says of an offer to whom, by what, and with whom before and behind", () => {
  const params = { agent: "wang", queue: "personal", strategy: "least_busy", priority: "40.0" };
  const offered = told("offered", { ...params, waited_s: "65.2", ahead_of: "3" });
  for (const part of ["Wang Fang", "Personal banking", en["strategy.least_busy"], "40.0", "1:05", "3"])
    expect(offered).toContain(part);
  expect(told("offered", { ...params, strategy: "assigned by boss", waited_s: "1" })).toContain("boss");
  expect(told("offered", { agent: "wang", dial: "+861", strategy: "dialled" })).toContain("+861");
});

it("leaves what it does not know as the server said it", () => {
  expect(detail(line("ignored", { fact: "X" }), teller)).toBe("as the server says");
  expect(detail(line("", {}, "an old line"), teller)).toBe("an old line");
  expect(told("rescinded", { agent: "wang", reason: "moonshine" })).toBe("Wang Fang · moonshine");
});

it("reads who was considered, and survives a list it cannot read", () => {
  const list = JSON.stringify([{ agent: "wang", filtered: "", handled_s: 1 }]);
  expect(considered(line("offered", { candidates: list }))).toHaveLength(1);
  expect(considered(line("offered", {}))).toEqual([]);
  expect(considered(line("offered", { candidates: "{" }))).toEqual([]);
});
