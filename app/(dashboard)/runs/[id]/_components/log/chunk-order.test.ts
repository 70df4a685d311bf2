import fc from "fast-check";
import { expect, test } from "vitest";

import type { OutputChunk } from "#server/contracts/runs.ts";

import { hasHole, NO_CHUNKS, takePage, takeStreamed } from "./chunk-order.ts";

const chunk = (seq: number): OutputChunk => ({ seq, stream: "stdout", at: "2026-01-01T00:00:00.000Z", text: String(seq), droppedBytes: null });
const seqs = (chunks: OutputChunk[]) => chunks.map((one) => one.seq);

test("what follows on is taken, what was seen is dropped, what comes too early waits", () => {
  const first = takeStreamed(NO_CHUNKS, [chunk(1), chunk(2)]);
  expect(seqs(first.ready)).toEqual([1, 2]);
  const second = takeStreamed(first.order, [chunk(2), chunk(5)]);
  expect(second.ready).toEqual([]);
  expect(hasHole(second.order)).toBe(true);
  const third = takeStreamed(second.order, [chunk(4), chunk(3)]);
  expect(seqs(third.ready)).toEqual([3, 4, 5]);
  expect(hasHole(third.order)).toBe(false);
});

test("a page fills a hole even where numbers are skipped for good, and what waited follows it", () => {
  const early = takeStreamed(NO_CHUNKS, [chunk(9), chunk(10)]);
  const filled = takePage(early.order, [chunk(1), chunk(4), chunk(8)]);
  expect(seqs(filled.ready)).toEqual([1, 4, 8, 9, 10]);
  expect(filled.order.lastSeq).toBe(10);
});

test("a page that overlaps what was streamed repeats nothing", () => {
  const streamed = takeStreamed(NO_CHUNKS, [chunk(1), chunk(2), chunk(3)]);
  expect(seqs(takePage(streamed.order, [chunk(2), chunk(3), chunk(4)]).ready)).toEqual([4]);
});

test("however the stream repeats, reorders and breaks off, a last page leaves every chunk once and in order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), { maxLength: 12 }), (count, bursts) => {
      const taken: number[] = [];
      let order = NO_CHUNKS;
      for (const burst of bursts) {
        const step = takeStreamed(order, burst.filter((seq) => seq <= count).map(chunk));
        taken.push(...seqs(step.ready));
        order = step.order;
      }
      const rest = Array.from({ length: count }, (_, index) => chunk(index + 1)).filter((one) => one.seq > order.lastSeq);
      taken.push(...seqs(takePage(order, rest).ready));
      expect(taken).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }),
  );
});
