import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createLiveConnection } from "./connection.ts";
import type { LiveEvent, LiveState, Source } from "./connection.ts";

class FakeSource extends EventTarget implements Source {
  readonly url: string;
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
  }

  close(): void {
    this.closed = true;
  }

  send(type: string, data: object): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

function start() {
  const sources: FakeSource[] = [];
  const states: LiveState[] = [];
  const events: LiveEvent[] = [];
  const topics: (string | null)[] = [];
  const connected: { gap: boolean; runId: string | null }[] = [];
  const connection = createLiveConnection({
    open: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
    onEvent: (event, runId) => {
      events.push(event);
      topics.push(runId);
    },
    onState: (state) => states.push(state),
    onConnected: (how) => connected.push(how),
    random: () => 0.5,
  });
  const last = () => sources.at(-1) ?? expect.fail("no stream was opened");
  const openLast = () => last().dispatchEvent(new Event("open"));
  vi.advanceTimersByTime(0);
  return { connection, sources, states, events, topics, connected, last, openLast };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it says connecting until the stream stands, then live", () => {
  const { states, openLast, connected, last } = start();
  expect(states).toEqual(["connecting"]);
  expect(last().url).toBe("/api/live");
  openLast();
  expect(states).toEqual(["connecting", "live"]);
  expect(connected).toEqual([{ gap: false, runId: null }]);
});

test("an event carries its name as its type", () => {
  const { events, openLast, last } = start();
  openLast();
  last().send("settings", { version: 7 });
  expect(events).toEqual([{ type: "settings", version: 7 }]);
});

test("a lost stream is opened again with the newest cursor, waits longer each time, and reports the gap", () => {
  const { connection, sources, states, connected, openLast, last } = start();
  let seq = 3;
  connection.setTopic({ runId: "r1", cursor: () => `1.${seq}` });
  vi.advanceTimersByTime(0);
  openLast();
  expect(last().url).toBe("/api/live?run=r1&after=1.3");

  seq = 9;
  last().dispatchEvent(new Event("error"));
  expect(states.at(-1)).toBe("reconnecting");
  expect(last().closed).toBe(true);
  const before = sources.length;
  vi.advanceTimersByTime(499);
  expect(sources).toHaveLength(before);
  vi.advanceTimersByTime(1);
  expect(last().url).toBe("/api/live?run=r1&after=1.9");
  last().dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(999);
  expect(sources).toHaveLength(before + 1);
  vi.advanceTimersByTime(1);
  openLast();
  expect(states.at(-1)).toBe("live");
  expect(connected.at(-1)).toEqual({ gap: true, runId: "r1" });
});

test("a stream that falls silent is taken for dead, one that says it is alive is not", () => {
  const { sources, states, openLast, last } = start();
  openLast();
  for (let turn = 0; turn < 5; turn += 1) {
    vi.advanceTimersByTime(10_000);
    last().send("alive", {});
  }
  expect(states.at(-1)).toBe("live");
  vi.advanceTimersByTime(12_500);
  expect(states.at(-1)).toBe("reconnecting");
  expect(sources[0]?.closed).toBe(true);
  vi.advanceTimersByTime(500);
  expect(sources).toHaveLength(2);
});

test("a stream that never opens is given up and tried again", () => {
  const { sources, states } = start();
  vi.advanceTimersByTime(12_500);
  expect(states.at(-1)).toBe("reconnecting");
  vi.advanceTimersByTime(500);
  expect(sources.map((source) => source.closed)).toEqual([true, false]);
});

test("a change of topic keeps the old stream until the new one stands: no gap", () => {
  const { connection, sources, events, connected, openLast, last } = start();
  openLast();
  const [old] = sources;
  connection.setTopic({ runId: "r1", cursor: () => null });
  vi.advanceTimersByTime(0);
  expect(last().url).toBe("/api/live?run=r1");
  expect(old?.closed).toBe(false);
  old?.send("workers", {});
  expect(events).toEqual([{ type: "workers" }]);
  openLast();
  expect(old?.closed).toBe(true);
  expect(connected.at(-1)).toEqual({ gap: false, runId: "r1" });
});

test("nothing is open while the tab is hidden, and coming back reports the gap", () => {
  const { connection, sources, states, connected, openLast } = start();
  openLast();
  connection.setHidden(true);
  expect(states.at(-1)).toBe("paused");
  expect(sources.every((source) => source.closed)).toBe(true);
  connection.setTopic({ runId: "r2", cursor: () => null });
  vi.advanceTimersByTime(60_000);
  expect(sources).toHaveLength(1);
  connection.setHidden(false);
  vi.advanceTimersByTime(0);
  openLast();
  expect(states.at(-1)).toBe("live");
  expect(connected.at(-1)).toEqual({ gap: true, runId: "r2" });
});

test("a stream that was replaced is not listened to any more", () => {
  const { connection, sources, events, states, openLast } = start();
  openLast();
  connection.setTopic({ runId: "r1", cursor: () => null });
  vi.advanceTimersByTime(0);
  openLast();
  sources[0]?.send("workers", {});
  sources[0]?.dispatchEvent(new Event("error"));
  expect(events).toEqual([]);
  expect(states.at(-1)).toBe("live");
});

test("what the old topic's stream still brings is told apart from the new one's", () => {
  const { connection, sources, topics, openLast, last } = start();
  connection.setTopic({ runId: "r1", cursor: () => null });
  vi.advanceTimersByTime(0);
  openLast();
  const old = last();
  connection.setTopic({ runId: "r2", cursor: () => null });
  vi.advanceTimersByTime(0);
  old.send("output", { attempt: 1, chunks: [] });
  openLast();
  last().send("output", { attempt: 1, chunks: [] });
  expect(topics).toEqual(["r1", "r2"]);
  expect(sources.filter((source) => !source.closed)).toEqual([last()]);
});
