import { expect, it } from "vitest";
import { EMPTY } from "../shared/floor";
import type { QueueView } from "../shared/types";
import { totals } from "./totals";

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
  service_level: null,
  asa_s: null,
  target_s: 20,
  target_share: 0.8,
  calls: [],
  ...more,
});

it("says nothing about service before the first call", () => {
  const sum = totals({ ...EMPTY, queues: { q: queue("q", {}) } }, 0);
  expect(sum).toMatchObject({ service: null, longest_s: null, waiting: 0, late: false, below: false });
});

it("weighs each queue's service level by its calls and finds the longest wait", () => {
  const queues = {
    a: queue("a", { offered: 30, service_level: 1, waiting: 2, oldest: 5_000 }),
    b: queue("b", { offered: 10, service_level: 0.6, waiting: 1, oldest: 0 }),
  };
  const sum = totals({ ...EMPTY, queues }, 15_000);
  expect(sum.service).toBeCloseTo(0.9);
  expect(sum.longest_s).toBe(15);
  expect(sum.waiting).toBe(3);
  expect(sum.below).toBe(true);
  expect(sum.late).toBe(false);
  expect(totals({ ...EMPTY, queues }, 25_000).late).toBe(true);
});
