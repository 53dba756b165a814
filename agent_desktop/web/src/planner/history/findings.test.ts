import { expect, it } from "vitest";
import type { FindingShown } from "../../shared/schema";
import { doneWords, inOrder, marksOf, shapeOf, stretchOf } from "./findings";

const HALF = 1_800_000;
const finding = (part: Partial<FindingShown>): FindingShown => ({
  id: 1,
  series: "bank",
  kind: "spike",
  methods: { spikes: 0.99 },
  begin: 0,
  end: HALF,
  sure: 0.99,
  calls: 900,
  expected: 24,
  cleaned: 25,
  action: "replace",
  proposed_factor: 1,
  said: "",
  state: "proposed",
  factor: null,
  note: "",
  decided_by: "",
  decided_at: null,
  ...part,
});
const t = (word: string, ...values: (string | number)[]) => [word, ...values].join(" ");
const picture = {
  times: Float64Array.from([0, HALF, 2 * HALF, 10 * HALF]),
  raw: Float64Array.from([10, 900, Number.NaN, 30]),
  cleaned: Float64Array.from([10, 25, 26, 30]),
  interval: HALF,
};

it("marks a finding at what was counted, else at what is taken instead, else at nothing", () => {
  const marks = marksOf(
    [
      finding({ id: 1, begin: HALF, end: 2 * HALF }),
      finding({ id: 2, kind: "missing", begin: 2 * HALF, end: 3 * HALF }),
      finding({ id: 3, kind: "outage", begin: 5 * HALF, end: 8 * HALF }),
      finding({ id: 4, kind: "level_shift", begin: 9 * HALF, end: 12 * HALF }),
    ],
    picture,
    2,
  );
  expect(marks.map((one) => [one.id, one.at / HALF, one.value, one.shape, one.chosen])).toEqual([
    ["1", 1, 900, "up", false],
    ["2", 2, 26, "ring", true],
    ["3", 5, 0, "down", false],
    ["4", 10, 30, "diamond", false],
  ]);
});

it("marks within the day where days are drawn", () => {
  const days = { ...picture, times: Float64Array.from([0, 48 * HALF]), interval: 48 * HALF };
  expect(marksOf([finding({ begin: 20 * HALF, end: 21 * HALF })], days, null)[0]?.at).toBe(0);
});

it("tints the time itself, or the days that stand for it", () => {
  const one = finding({ begin: 20 * HALF, end: 70 * HALF });
  expect(stretchOf(one, picture)).toMatchObject([{ from: 20 * HALF, to: 70 * HALF }]);
  const days = { ...picture, times: Float64Array.from([0, 48 * HALF, 96 * HALF]), interval: 48 * HALF };
  expect(stretchOf(one, days)).toMatchObject([{ from: -24 * HALF, to: 72 * HALF }]);
  expect(stretchOf(undefined, picture)).toEqual([]);
});

it("says what counts instead, by what was decided", () => {
  expect(doneWords(finding({}), t, "en")).toBe("plan.finding.instead 900 24 25");
  expect(doneWords(finding({ state: "undone" }), t, "en")).toBe("plan.finding.raw 900 24");
  expect(doneWords(finding({ cleaned: null }), t, "en")).toBe("plan.finding.unknown 900 24");
  expect(doneWords(finding({ action: "leave", kind: "holiday" }), t, "en")).toBe("plan.finding.kept 900 24");
  expect(shapeOf("something new")).toBe("diamond");
});

it("puts what waits for the planner first, the latest of it at the top", () => {
  const found = [
    finding({ id: 1, begin: 9, state: "accepted" }),
    finding({ id: 2, begin: 1 }),
    finding({ id: 3, begin: 5 }),
  ];
  expect(inOrder(found).map((one) => one.id)).toEqual([3, 2, 1]);
});
