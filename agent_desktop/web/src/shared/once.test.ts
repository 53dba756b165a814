import { expect, it } from "vitest";
import { Once } from "./once";

it("runs a thing once while it is under way, and again afterwards", async () => {
  const once = new Once();
  let runs = 0;
  let finish = () => {};
  const slow = () =>
    new Promise<void>((done) => {
      runs += 1;
      finish = done;
    });
  const first = once.run("hold", slow);
  expect(await once.run("hold", slow)).toBe(false);
  expect(runs).toBe(1);
  finish();
  expect(await first).toBe(true);
  const again = once.run("hold", slow);
  finish();
  expect(await again).toBe(true);
  expect(runs).toBe(2);
});

it("lets different things run beside one another, and a failed one be tried again", async () => {
  const once = new Once();
  const never = new Promise(() => {});
  void once.run("hold", () => never);
  await expect(once.run("mute", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await once.run("mute", async () => {})).toBe(true);
});
