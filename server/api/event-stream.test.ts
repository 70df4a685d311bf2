import { expect, test, vi } from "vitest";

import { eventStream } from "./event-stream.ts";
import type { StreamMessage } from "./event-stream.ts";

const allowed = () => Promise.resolve(true);

async function* two(): AsyncGenerator<StreamMessage> {
  yield { id: "1.1", event: { type: "status" } };
  await Promise.resolve();
  yield { event: { type: "refresh" } };
}

/** Ends with its signal, and tells that it did. */
const endless = (onEnd: () => void) =>
  async function* (signal: AbortSignal): AsyncGenerator<StreamMessage> {
    try {
      yield { event: { type: "refresh" } };
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    } finally {
      onEnd();
    }
  };

test("writes id, event and data, and ends with its sources", async () => {
  const response = eventStream({ sources: [two], signal: new AbortController().signal, requestId: "r", stillAllowed: allowed });
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
  expect(await response.text()).toBe('retry: 2000\n\nid: 1.1\nevent: status\ndata: {"type":"status"}\n\nevent: refresh\ndata: {"type":"refresh"}\n\n');
});

test("a client that goes ends the sources", async () => {
  const gone = Promise.withResolvers<void>();
  const response = eventStream({ sources: [endless(gone.resolve)], signal: new AbortController().signal, requestId: "r", stillAllowed: allowed });
  await response.body?.cancel();
  await gone.promise;
});

test("a request that is aborted ends the stream", async () => {
  const controller = new AbortController();
  const ended = vi.fn<() => void>();
  const response = eventStream({ sources: [endless(ended)], signal: controller.signal, requestId: "r", stillAllowed: allowed });
  const text = response.text();
  controller.abort();
  await text;
  expect(ended).toHaveBeenCalledOnce();
});

test("the stream ends when its session has, and beats until then", async () => {
  let asked = 0;
  const response = eventStream({
    sources: [endless(() => undefined)],
    signal: new AbortController().signal,
    requestId: "r",
    stillAllowed: () => Promise.resolve(++asked < 3),
    heartbeatMs: 5,
    recheckMs: 20,
  });
  expect(await response.text()).toContain(": alive\n\n");
  expect(asked).toBe(3);
});

test("a source that fails ends the stream and the others", async () => {
  const failing = (): AsyncIterable<StreamMessage> => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("away")) }) });
  const other = Promise.withResolvers<void>();
  const response = eventStream({ sources: [failing, endless(other.resolve)], signal: new AbortController().signal, requestId: "r", stillAllowed: allowed });
  expect(await response.text()).toContain("retry: 2000");
  await other.promise;
});

test("a client that reads slowly slows its sources down, and loses nothing", async () => {
  let made = 0;
  const counting = async function* (): AsyncGenerator<StreamMessage> {
    while (made < 50) yield { event: { type: `no-${(made += 1)}` } };
  };
  const response = eventStream({ sources: [counting], signal: new AbortController().signal, requestId: "r", stillAllowed: allowed });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(made).toBeLessThan(5);
  const text = await response.text();
  expect(text.match(/(?<=event: no-)\d+/g)?.map(Number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test("what waits for a client that never reads ends with the process", async () => {
  const controller = new AbortController();
  const closed = Promise.withResolvers<void>();
  const response = eventStream({
    sources: [two, two],
    signal: controller.signal,
    requestId: "r",
    stillAllowed: allowed,
    watchAccess: () => Promise.resolve({ close: () => Promise.resolve(closed.resolve()) }),
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  controller.abort();
  await closed.promise;
  expect(await response.text()).not.toContain("refresh");
});
