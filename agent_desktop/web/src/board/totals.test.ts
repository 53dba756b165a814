import { expect, it } from "vitest";
import { EMPTY } from "../shared/floor";
import type { QueueView } from "../shared/types";
import { below, totals } from "./totals";

const USUAL = "in_target_of_all";
const level = (share: number) => ({ service_levels: { [USUAL]: share } });
const queue = (id: string, more: Partial<QueueView>): QueueView => ({
  id,
  name: id,
  waiting: 0,
  oldest: null,
  available: 0,
  staffed: 0,
  offered: 0,
  answered: 0,
  abandoned: 0,
  short_abandoned: 0,
  returned: 0,
  transferred: 0,
  service_level: null,
  service_levels: {},
  asa_s: null,
  aht_s: null,
  callbacks: 0,
  estimate_s: null,
  closed: null,
  target_s: 20,
  target_share: 0.8,
  calls: [],
  ...more,
});

it("says nothing about service before the first call", () => {
  const sum = totals({ ...EMPTY, queues: { q: queue("q", {}) } }, 0, USUAL);
  expect(sum).toMatchObject({ service: null, longest_s: null, waiting: 0, late: false, below: false });
});

it("weighs each queue's service level by its calls and finds the longest wait", () => {
  const queues = {
    a: queue("a", { offered: 30, ...level(1), waiting: 2, oldest: 5_000 }),
    b: queue("b", { offered: 10, ...level(0.6), waiting: 1, oldest: 0 }),
  };
  const sum = totals({ ...EMPTY, queues }, 15_000, USUAL);
  expect(sum.service).toBeCloseTo(0.9);
  expect(sum.longest_s).toBe(15);
  expect(sum.waiting).toBe(3);
  expect(sum.below).toBe(true);
  expect(sum.late).toBe(false);
  expect(totals({ ...EMPTY, queues }, 25_000, USUAL).late).toBe(true);
});

it("measures a queue by the definition that is shown", () => {
  const one = queue("a", { service_levels: { [USUAL]: 0.83, answered_in_target_of_all: 0.79 } });
  expect(below(one, USUAL)).toBe(false);
  expect(below(one, "answered_in_target_of_all")).toBe(true);
  expect(below(one, "answered_in_target_of_answered")).toBe(false);
});
