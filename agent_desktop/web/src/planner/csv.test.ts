import { expect, it } from "vitest";
import { columnMap, decoded, head, placeOf } from "./csv";

it("reads headings and first rows, quoted cells included, whatever separates them", () => {
  expect(head('timestamp;"calls; offered"\r\n\r\n2026-11-01 08:00;"1 ""x"""\r\n2026-11-01 08:30;2')).toEqual({
    headings: ["timestamp", "calls; offered"],
    rows: [
      ["2026-11-01 08:00", '1 "x"'],
      ["2026-11-01 08:30", "2"],
    ],
  });
  expect(head("a\tb\n1\t2\n3\t4\n5\t6\n7\t8")?.rows).toEqual([
    ["1", "2"],
    ["3", "4"],
    ["5", "6"],
  ]);
  expect(head("just a letter to somebody")).toBeNull();
  expect(head("")).toBeNull();
});

it("reads what Excel writes, in Chinese too, and what was cut within a letter", () => {
  const utf8 = new TextEncoder().encode("时间,呼入量");
  expect(decoded(utf8)).toBe("时间,呼入量");
  expect(decoded(utf8.slice(0, -1))).toBe("时间,呼入");
  expect(decoded(Uint8Array.from([0xca, 0xb1, 0xbc, 0xe4, 0x2c, 0x31]))).toBe("时间,1");
  expect(decoded(Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x2c, 0]))).toBe("a,");
});

it("says columns as the server reads them", () => {
  expect(columnMap({ calls: "Anrufe", timestamp: "Zeit", aht_s: "" })).toBe("timestamp=Zeit,calls=Anrufe");
  expect(columnMap({ calls: "a,b" })).toBe("");
  expect(columnMap({})).toBe("");
});

it("finds row and column of a fault, or that it is of the whole file", () => {
  expect(placeOf("row 12, calls")).toEqual({ row: 12, column: "calls" });
  expect(placeOf("row 12")).toEqual({ row: 12, column: "" });
  expect(placeOf("")).toEqual({ row: null, column: "" });
  expect(placeOf("calls")).toEqual({ row: null, column: "calls" });
});
