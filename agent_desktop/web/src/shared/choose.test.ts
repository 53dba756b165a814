import { expect, it } from "vitest";
import { chosen, isNumber, type Option } from "./choose";

const option = (id: string, name: string, group = ""): Option => ({ kind: "x", id, name, group });
const ALL = [
  option("personal", "个人业务", "q"),
  option("loans", "Home loans", "q"),
  option("1001", "Loana Hill", "a"),
  option("1002", "Hill, Li", "a"),
];
const ids = (text: string) => chosen(ALL, text).map((one) => one.id);

it("shows everything before anything is typed", () => {
  expect(ids("  ")).toEqual(ALL.map((one) => one.id));
});

it("finds every word in name or id, whatever the case, and keeps groups together", () => {
  expect(ids("LOAN")).toEqual(["loans", "1001"]);
  expect(ids("hill li")).toEqual(["1002"]);
  expect(ids("hill")).toEqual(["1002", "1001"]);
  expect(ids("个人")).toEqual(["personal"]);
  expect(ids("1002")).toEqual(["1002"]);
  expect(ids("nobody")).toEqual([]);
});

it("knows a number from a name", () => {
  for (const yes of ["95588", "+86 138-0013 8000", "(010) 5555 0000", "１２３"])
    expect([yes, isNumber(yes)]).toEqual([yes, true]);
  for (const no of ["12", "", "+", "team 2", "---", "138x"]) expect([no, isNumber(no)]).toEqual([no, false]);
});
