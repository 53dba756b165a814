import { expect, it } from "vitest";
import type { JobShown } from "../shared/schema";
import { ended, isActive, put, troubled } from "./jobs";

const job = (id: number, state: JobShown["state"]): JobShown => ({
  id,
  kind: "forecast",
  series: "bank",
  series_name: "Bank",
  state,
  progress: 0,
  stage: "",
  trouble: "",
  result: null,
  by: "paul",
  asked_at: 0,
  begun_at: null,
  ended_at: null,
  ahead: 0,
});

it("tells of each job once: when it is no longer under way", () => {
  const before = [job(3, "queued"), job(2, "running"), job(1, "done")];
  const now = [job(4, "done"), job(3, "running"), job(2, "failed"), job(1, "done")];
  expect(ended(before, now).map((one) => one.id)).toEqual([2]);
  expect(ended(now, now)).toEqual([]);
  expect(now.filter(isActive).map((one) => one.id)).toEqual([3]);
});

it("keeps telling what went wrong until it is waved away, tried again or a day old", () => {
  const bad = { ...job(5, "failed"), ended_at: 1000 };
  expect(troubled([bad, job(4, "done")], [], 2000)).toEqual([bad]);
  expect(troubled([bad], [5], 2000)).toEqual([]);
  expect(troubled([bad], [], 1000 + 25 * 3_600_000)).toEqual([]);
  expect(troubled([job(6, "running"), bad], [], 2000)).toEqual([]);
  const other = { ...bad, id: 3, series: "cards", state: "interrupted" as const };
  expect(troubled([bad, other], [], 2000).map((one) => one.id)).toEqual([5, 3]);
});

it("takes a job that has just been asked for, and what became of one it knows", () => {
  const jobs = put(put([], job(1, "queued")), job(2, "queued"));
  expect(put(jobs, job(1, "running")).map((one) => [one.id, one.state])).toEqual([
    [2, "queued"],
    [1, "running"],
  ]);
});
