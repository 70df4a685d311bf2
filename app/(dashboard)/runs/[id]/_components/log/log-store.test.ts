import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { OutputChunk } from "#server/contracts/runs.ts";

import { createLogStore } from "./log-store.ts";
import type { OutputPage } from "./log-store.ts";

const chunk = (seq: number, text = `line ${seq}\n`): OutputChunk => ({ seq, stream: "stdout", at: "2026-01-01T00:00:00.000Z", text, droppedBytes: null });
const texts = (store: ReturnType<typeof createLogStore>) => store.snapshot().lines.map((line) => (line.kind === "text" ? line.text : "dropped"));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("all pages are read, one after the other", async () => {
  const readPage = vi.fn((after: number): Promise<OutputPage> =>
    Promise.resolve({ chunks: [chunk(after + 1), chunk(after + 2)], nextAfter: after < 4 ? after + 2 : null, ended: true }),
  );
  const store = createLogStore(readPage);
  expect(store.snapshot().state).toBe("loading");
  await store.load();
  expect(readPage.mock.calls).toEqual([[0], [2], [4]]);
  expect(texts(store)).toEqual([1, 2, 3, 4, 5, 6].map((seq) => `line ${seq}`));
  expect(store.snapshot().state).toBe("ready");
});

test("what the stream brings while pages are read is neither lost nor repeated", async () => {
  let answer: (page: OutputPage) => void = () => expect.fail("nothing was asked for");
  const store = createLogStore(() => new Promise((resolve) => (answer = resolve)));
  const loaded = store.load();
  store.take([chunk(3), chunk(4)]);
  answer({ chunks: [chunk(1), chunk(2), chunk(3)], nextAfter: null, ended: false });
  await loaded;
  expect(texts(store)).toEqual(["line 1", "line 2", "line 3", "line 4"]);
  expect(store.lastSeq()).toBe(4);
});

test("a hole in the stream is filled from the server", async () => {
  const readPage = vi.fn((after: number): Promise<OutputPage> =>
    Promise.resolve({ chunks: after === 0 ? [] : [chunk(2), chunk(3)], nextAfter: null, ended: false }),
  );
  const store = createLogStore(readPage);
  await store.load();
  store.take([chunk(1)]);
  store.take([chunk(4)]);
  await vi.waitFor(() => expect(store.lastSeq()).toBe(4));
  expect(readPage).toHaveBeenLastCalledWith(1);
  expect(texts(store)).toEqual(["line 1", "line 2", "line 3", "line 4"]);
});

test("a failed read says so and can be repeated from where it stopped", async () => {
  let away = false;
  const readPage = vi.fn((after: number): Promise<OutputPage> =>
    away ? Promise.reject(new Error("away")) : Promise.resolve({ chunks: [chunk(after + 1)], nextAfter: null, ended: false }),
  );
  const store = createLogStore(readPage);
  await store.load();
  away = true;
  await store.load();
  expect(store.snapshot()).toMatchObject({ state: "error" });
  away = false;
  await store.load();
  expect(store.snapshot()).toMatchObject({ state: "ready", error: null });
  expect(texts(store)).toEqual(["line 1", "line 2"]);
});

test("a burst is told once", () => {
  const store = createLogStore(() => Promise.resolve({ chunks: [], nextAfter: null, ended: false }));
  const listener = vi.fn();
  store.subscribe(listener);
  for (let seq = 1; seq <= 500; seq += 1) store.take([chunk(seq)]);
  expect(listener).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(listener).toHaveBeenCalledOnce();
  expect(store.snapshot().lines).toHaveLength(500);
});
