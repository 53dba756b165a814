import { expect, it } from "vitest";
import { Problem } from "../shared/api";
import { faultsIn } from "./faults";

const t = (word: string, ...values: (string | number)[]) => [word, ...values].join(" ");

it("puts each fault to its field, and what belongs to none of them where it is read all the same", () => {
  const problem = new Problem(422, "not valid", "", null, [
    { at: "body.name", message: "String should have at least 1 character" },
    { at: "body.target.service_level", message: "Input should be less than 1" },
    { at: "body.target.asa_s", message: "Input should be greater than 0" },
    { at: "body", message: "Value error, last is before first" },
    { at: "body.color", message: "Extra inputs are not permitted" },
  ]);
  expect(faultsIn(problem, ["name", "target.asa_s", "target"], t)).toEqual({
    name: "fault.missing",
    target: "Input should be less than 1",
    "target.asa_s": "fault.over 0",
    "": "Last is before first color: Extra inputs are not permitted",
  });
});
