import { expect, it } from "vitest";
import { told } from "./told";

const line = (what: string, detail: string) => ({ at: 0, what, detail, kind: "", params: {} });

it("leaves out phases that change nothing, and keeps everything else in order", () => {
  const story = [
    line("arrived", "+86"),
    line("phase", "ivr"),
    line("digit", "1"),
    line("phase", "ivr"),
    line("digit", "1"),
    line("phase", "waiting"),
    line("phase", "ivr"),
  ];
  expect(told(story).map((one) => `${one.what} ${one.detail}`)).toEqual([
    "arrived +86",
    "phase ivr",
    "digit 1",
    "digit 1",
    "phase waiting",
    "phase ivr",
  ]);
});
