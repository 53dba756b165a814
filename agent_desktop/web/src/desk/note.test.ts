import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Kept, NoteSender, QUIET_MS } from "./note";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function desk() {
  const sent: string[] = [];
  const kept: Kept[] = [];
  const ways: { arrive: () => void; fail: () => void }[] = [];
  const post = (draft: { note: string }) => {
    sent.push(draft.note);
    return new Promise<void>((arrive, refuse) => ways.push({ arrive, fail: () => refuse(new Error("off")) }));
  };
  return { sent, kept, ways, sender: new NoteSender(post, (k) => kept.push(k)) };
}
const note = (text: string) => ({ code: "", note: text });
const rest = () => vi.advanceTimersByTimeAsync(0);

it("sends once the typing pauses, not at every key", async () => {
  const { sender, sent } = desk();
  for (const text of ["a", "ab", "abc"]) {
    sender.change(note(text));
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
  }
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(["abc"]);
});

it("has one request under way at a time, and then sends only the newest text", async () => {
  const { sender, sent, ways } = desk();
  sender.change(note("1"));
  void sender.flush();
  sender.change(note("2"));
  void sender.flush();
  sender.change(note("3"));
  void sender.flush();
  await rest();
  expect(sent).toEqual(["1"]);
  ways[0]?.arrive();
  await rest();
  expect(sent).toEqual(["1", "3"]);
  ways[1]?.arrive();
  await rest();
  await sender.flush();
  expect(sent).toEqual(["1", "3"]);
});

it("keeps what did not arrive for the next try", async () => {
  const { sender, sent, kept, ways } = desk();
  sender.change(note("x"));
  void sender.flush();
  await rest();
  ways[0]?.fail();
  await rest();
  expect(kept.at(-1)).toBe("local");
  void sender.flush();
  await rest();
  ways[1]?.arrive();
  await rest();
  expect(sent).toEqual(["x", "x"]);
  expect(kept.at(-1)).toBe("saved");
});

it("never sends an older text after it was settled", async () => {
  const { sender, sent, ways } = desk();
  sender.change(note("1"));
  void sender.flush();
  await rest();
  sender.change(note("2"));
  const settled = sender.settle();
  ways[0]?.arrive();
  await settled;
  await vi.advanceTimersByTimeAsync(10 * QUIET_MS);
  expect(sent).toEqual(["1"]);
});
