import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";

import type { LogLine, LogView } from "#server/contracts/lines.ts";
import { endLine, extendLine, foldChunk, rowOf, rowsAt, startOfLog } from "#server/contracts/lines.ts";
import type { LinesPage } from "#server/contracts/log.ts";
import type { OutputChunk } from "#server/contracts/runs.ts";

import { createLogStore } from "./log-store.ts";
import type { LogStore } from "./log-store.ts";

const AT = "2026-01-01T00:00:00.000Z";
const chunk = (seq: number, text = `line ${seq}\n`, stream: OutputChunk["stream"] = "stdout"): OutputChunk => ({
  seq,
  stream,
  at: AT,
  text,
  droppedBytes: null,
});

/** What a server answers that has these chunks: its own reading of them, from the start each time. */
function pageOf(chunks: OutputChunk[], view: LogView, from: number, count: number): LinesPage {
  const lines = new Map<number, LogLine>();
  const position = startOfLog();
  const change = (number: number, next: (line: LogLine) => LogLine) => {
    const line = lines.get(number);
    if (line !== undefined) lines.set(number, next(line));
  };
  for (const one of chunks) {
    foldChunk(position, one, {
      begin: (line) => lines.set(line.line, { ...line, at: one.at, text: "", more: 0, open: true }),
      extend: (line, piece) => change(line, (old) => extendLine(old, piece)),
      end: (line) => change(line, endLine),
    });
  }
  const inView = [...lines.values()].filter((line) => view === "all" || line.stream === view);
  const first = from < 0 ? Math.max(1, inView.length + from + 1) : from;
  const wanted = inView.filter((line) => rowOf(line, view) >= first && rowOf(line, view) < first + count);
  return { attempt: 1, lines: wanted, seq: chunks.at(-1)?.seq ?? 0, position, ended: false };
}

/** A log that grows: what is printed is on the server at once, and in the stream when it is sent. */
function growingLog(view: LogView = "all") {
  const printed: OutputChunk[] = [];
  const readWindow = vi.fn((from: number, count: number) => Promise.resolve(pageOf(printed, view, from, count)));
  return { printed, readWindow, store: createLogStore(view, readWindow) };
}

const textsOf = (store: LogStore) => Array.from({ length: store.snapshot().rows }, (_, index) => store.line(index + 1)?.text);
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => void vi.useRealTimers());

test("the end is there at once, whatever comes before it; a part that is shown is loaded with what is around it", async () => {
  const { printed, readWindow, store } = growingLog();
  for (let seq = 1; seq <= 5_000; seq += 1) printed.push(chunk(seq));
  await store.open(null);
  expect(readWindow.mock.calls).toEqual([[-300, 300]]);
  expect(store.snapshot()).toMatchObject({ rows: 5_000, state: "ready" });
  expect([store.line(4_701)?.text, store.line(4_700)]).toEqual(["line 4701", undefined]);
  store.show(2_000, 2_030);
  await settle();
  expect([store.line(1_930)?.text, store.line(2_110)?.text, store.line(1_900)]).toEqual(["line 1930", "line 2110", undefined]);
  readWindow.mockClear();
  store.show(2_005, 2_035);
  await settle();
  expect(readWindow).not.toHaveBeenCalled();
});

test("what the stream brings while the end is read is neither lost nor repeated", async () => {
  const { printed, store } = growingLog();
  printed.push(chunk(1), chunk(2), chunk(3, "half "));
  const opened = store.open(null);
  store.take([chunk(3, "half "), chunk(4, "a line\n")]);
  await opened;
  expect(textsOf(store)).toEqual(["line 1", "line 2", "half a line"]);
  expect(store.seq()).toBe(4);
});

test("a hole in the stream is closed by asking where the log stands; its lines are loaded when they are looked at", async () => {
  const { printed, store } = growingLog();
  await store.open(null);
  for (let seq = 1; seq <= 9; seq += 1) printed.push(chunk(seq));
  store.take([chunk(1)]);
  store.take([chunk(8), chunk(9)]);
  await settle();
  expect([store.seq(), store.snapshot().rows]).toEqual([9, 9]);
  store.show(1, 9);
  await settle();
  expect(textsOf(store)).toEqual(printed.map(({ seq }) => `line ${seq}`));
});

test("a line that was unfinished when the stream skipped ahead is read again", async () => {
  const { printed, store } = growingLog();
  printed.push(chunk(1, "begun "));
  await store.open(null);
  printed.push(chunk(2, "and "), chunk(3, "done\nnext\n"));
  const { position, seq } = pageOf(printed, "all", -1, 1);
  store.skipTo({ position, seq });
  expect(store.line(1)).toBeUndefined();
  store.show(1, 2);
  await settle();
  expect(textsOf(store)).toEqual(["begun and done", "next"]);
});

test("a failed read says so and can be repeated", async () => {
  let away = true;
  const readWindow = vi.fn(() => (away ? Promise.reject(new Error("away")) : Promise.resolve(pageOf([chunk(1)], "all", -300, 300))));
  const store = createLogStore("all", readWindow);
  await store.open(null);
  expect(store.snapshot()).toMatchObject({ state: "error", rows: 0 });
  away = false;
  store.retry();
  await settle();
  expect(store.snapshot()).toMatchObject({ state: "ready", error: null, rows: 1 });
});

test("a burst is told once", async () => {
  const { store } = growingLog();
  await store.open(null);
  vi.useFakeTimers();
  const listener = vi.fn();
  store.subscribe(listener);
  for (let seq = 1; seq <= 500; seq += 1) store.take([chunk(seq)]);
  expect(listener).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(listener).toHaveBeenCalledOnce();
  expect(store.snapshot().rows).toBe(500);
});

test("however the stream breaks off, repeats, skips and overtakes, what is shown in the end is what was printed", async () => {
  const part = fc.tuple(fc.constantFrom("stdout" as const, "stderr" as const), fc.constantFrom("a\n", "b", "c\nd", "\rover", "\n", "x\n\ny\n"));
  const step = fc.oneof(
    fc.record({ kind: fc.constant("send" as const), back: fc.integer({ min: 0, max: 4 }), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant("skip" as const) }),
    fc.record({ kind: fc.constant("show" as const), at: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constant("print" as const), count: fc.integer({ min: 1, max: 4 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("all" as const, "stdout" as const, "stderr" as const),
      fc.array(part, { minLength: 1, maxLength: 25 }),
      fc.array(step, { maxLength: 20 }),
      async (view, parts, steps) => {
        const all = parts.map(([stream, text], index) => chunk(index + 1, text, stream));
        const { printed, store } = growingLog(view);
        await store.open(null);
        let sent = 0;
        for (const one of steps) {
          if (one.kind === "print") printed.push(...all.slice(printed.length, printed.length + one.count));
          else if (one.kind === "show") store.show(one.at, one.at + 3);
          else if (one.kind === "skip") {
            const { seq, position } = pageOf(printed, view, -1, 1);
            store.skipTo({ seq, position });
            sent = Math.max(sent, seq);
          } else {
            const from = Math.max(0, sent - one.back);
            store.take(printed.slice(from, from + one.count));
            sent = Math.max(sent, Math.min(printed.length, from + one.count));
          }
          await Promise.resolve();
        }
        printed.push(...all.slice(printed.length));
        store.take(printed.slice(store.seq()));
        await settle();
        const expected = pageOf(printed, view, 1, 1_000);
        store.show(1, rowsAt(expected.position, view));
        await settle();
        expect(textsOf(store)).toEqual(expected.lines.map((line) => line.text));
        expect(store.snapshot().state).toBe("ready");
      },
    ),
    { numRuns: 100 },
  );
});
