import { describe, expect, it } from "vitest";
import { blank, FIELDS, KINDS, toSend } from "./fields";
import { hoursText, readHours } from "./hours";

describe("opening hours", () => {
  it("come back from text as they went in", () => {
    const hours = {
      mon: [
        ["09:00", "12:00"],
        ["13:00", "18:00"],
      ] as [string, string][],
      sun: [["10:00", "24:00"]] as [string, string][],
    };
    expect(readHours(hoursText(hours))).toEqual(hours);
  });

  it("refuse a line that cannot be meant", () => {
    for (const bad of ["mon", "moon 09:00-10:00", "mon 9-10", "mon 10:00-09:00", "mon 25:00-26:00"])
      expect(readHours(bad)).toBeNull();
    expect(readHours("\n  \n")).toEqual({});
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
});
