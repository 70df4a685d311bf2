import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { LogLine, LogView } from "../contracts/lines.ts";
import { LINE_MAX_CHARS, LOG_VIEWS, endLine, extendLine, foldChunk, rowOf, rowsAt, startOfLog } from "../contracts/lines.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { appendOutput } from "./append-output.ts";
import type { StoredChunk } from "./append-output.ts";
import { compareOutput } from "./compare-output.ts";
import { findMoment } from "./find-moment.ts";
import type { Lease } from "./lease-runs.ts";
import { readChunks } from "./read-chunks.ts";
import { readLine } from "./read-line.ts";
import { readLines } from "./read-lines.ts";
import { retryRun } from "./retry-run.ts";
import { searchLines } from "./search-lines.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

type Piece = [stream: "stdout" | "stderr", text: string, droppedBytes?: number];

const START = Date.parse("2026-01-01T00:00:00Z");

const chunksOf = (pieces: Piece[]): StoredChunk[] =>
  pieces.map(([stream, text, droppedBytes], index) => ({
    seq: index + 1,
    stream,
    at: new Date(START + index * 1000),
    bytes: Buffer.from(text),
    droppedBytes: droppedBytes ?? null,
  }));

async function leaseOne(): Promise<Lease> {
  await ctx.submit();
  const [lease] = await ctx.lease();
  if (lease === undefined) throw new Error("Nothing was due.");
  return lease;
}

async function printed(pieces: Piece[], batch = pieces.length): Promise<string> {
  const lease = await leaseOne();
  const chunks = chunksOf(pieces);
  for (let at = 0; at < chunks.length; at += batch) await appendOutput(ctx.database, lease, chunks.slice(at, at + batch));
  await ctx.database.pool.query("UPDATE attempt SET started_at = $1 WHERE id = $2", [new Date(START), lease.attemptId]);
  await ctx.settle(lease, "succeeded");
  return lease.runId;
}

/** All lines as they follow from all chunks at once. */
function wholeOf(pieces: Piece[]): LogLine[] {
  const lines = new Map<number, LogLine>();
  const position = startOfLog();
  const change = (number: number, next: (line: LogLine) => LogLine) => {
    const line = lines.get(number);
    if (line !== undefined) lines.set(number, next(line));
  };
  for (const { at, bytes, ...chunk } of chunksOf(pieces)) {
    foldChunk(
      position,
      { ...chunk, text: bytes.toString() },
      {
        begin: (line) => lines.set(line.line, { ...line, at: at.toISOString(), text: "", more: 0, open: true }),
        extend: (line, piece) => change(line, (old) => extendLine(old, piece)),
        end: (line) => change(line, endLine),
      },
    );
  }
  return [...lines.values()];
}

const inView = (lines: LogLine[], view: LogView) => lines.filter((line) => view === "all" || line.stream === view);
const window = (id: string, from: number, count: number, view: LogView = "all") => readLines(ctx, { id, view, from, count });

test("bytes of any kind are read as a text decoder reads them", async () => {
  const cuts = [[0xef, 0xbb, 0xbf, 0x61], [0xff, 0xfe, 0xc3, 0x28], [0xf0, 0x9f, 0x92], [0xed, 0xa0, 0x80], [0x00, 0x0a, 0x80], []];
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  const samples = [...cuts, all, all.toReversed()].map((bytes) => Buffer.from(bytes));
  const lease = await leaseOne();
  const at = new Date(START + 123);
  await appendOutput(
    ctx.database,
    lease,
    samples.map((bytes, index) => ({ seq: index + 1, stream: "stdout", at, bytes, droppedBytes: null })),
  );
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const read: [seq: number, text: string, at: Date][] = [];
  for await (const chunk of readChunks(ctx.database, lease.attemptId, { after: 0, last: samples.length, view: "all" })) {
    read.push([chunk.seq, chunk.text, chunk.at]);
  }
  expect(read).toEqual(samples.map((bytes, index) => [index + 1, decoder.decode(bytes), at]));
  await ctx.settle(lease, "succeeded");
});

describe("windows", () => {
  const piece = fc.tuple(
    fc.constantFrom("stdout" as const, "stderr" as const),
    fc.array(fc.constantFrom("a", "needle", "\n", "\n", "\r", "\u001b[31m", "\u001b[0m", "ü"), { minLength: 1, maxLength: 8 }).map((parts) => parts.join("")),
  );

  test("however output was cut, interleaved and stored, every window of every view is the same part of the same lines", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        async (pieces, batch, count) => {
          const id = await printed(pieces, batch);
          const whole = wholeOf(pieces);
          for (const view of LOG_VIEWS) {
            const expected = inView(whole, view);
            for (let from = 1; from <= expected.length; from += count) {
              const { lines, position, ended } = await window(id, from, count, view);
              expect(lines).toEqual(expected.slice(from - 1, from - 1 + count));
              expect([rowsAt(position, view), ended]).toEqual([expected.length, true]);
            }
            const { lines } = await window(id, -count, count, view);
            expect(lines).toEqual(expected.slice(-count));
            const found = await searchLines(ctx, { id, view, text: "Needle", matchCase: false, around: 1 });
            const seen = (line: LogLine) => line.text.replaceAll(/\u001b\[[0-9;]*m/g, "").includes("needle");
            expect(found.rows).toEqual(expected.filter(seen).map((line) => rowOf(line, view)));
            expect([found.count, found.searched]).toEqual([found.rows.length, expected.length]);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test("a window beyond the end is empty, and so is one of a run that has not started", async () => {
    const id = await printed([["stdout", "one\ntwo\n"]]);
    expect((await window(id, 3, 10)).lines).toEqual([]);
    expect(await window(await ctx.submit(), 1, 10)).toMatchObject({ lines: [], seq: 0, ended: false });
  });

  test("chunks that are stored again, as after a lost answer, change nothing", async () => {
    const lease = await leaseOne();
    const chunks = chunksOf([
      ["stdout", "one\ntw"],
      ["stderr", "err\n"],
      ["stdout", "o\nthree\n"],
    ]);
    await appendOutput(ctx.database, lease, chunks.slice(0, 2));
    await appendOutput(ctx.database, lease, chunks);
    await appendOutput(ctx.database, lease, chunks.slice(1));
    const { lines, position } = await window(lease.runId, 1, 10);
    expect(lines.map(({ line, text }) => [line, text])).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "err"],
      [4, "three"],
    ]);
    expect(position.lines).toEqual({ stdout: 3, stderr: 1 });
  });

  test("the marker of dropped output is one line of its stream", async () => {
    const id = await printed([
      ["stdout", "head\ncut"],
      ["stderr", "open"],
      ["stdout", "\n[…]\n", 4096],
      ["stdout", "tail\n"],
    ]);
    expect((await window(id, 1, 10)).lines.map(({ text, droppedBytes }) => droppedBytes ?? text)).toEqual(["head", "cut", "open", 4096, "tail"]);
    expect((await window(id, 1, 10, "stderr")).lines).toMatchObject([{ line: 3, text: "open", open: false }]);
    expect((await window(id, 1, 10, "stdout")).lines.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
  });
});

describe("lines without end", () => {
  const KIB64 = 64 * 1024;
  const long: Piece[] = [["stdout", "before\n"], ...Array.from({ length: 60 }, (): Piece => ["stdout", "x".repeat(KIB64)]), ["stdout", "end\nafter\n"]];

  test("of one of four megabytes the start is shown, how much more there is, and what follows it", async () => {
    const id = await printed(long);
    const { lines } = await window(id, 1, 10);
    expect(lines.map(({ line, text, more, open }) => [line, text.length, more, open])).toEqual([
      [1, 6, 0, false],
      [2, LINE_MAX_CHARS, 60 * KIB64 + 3 - LINE_MAX_CHARS, false],
      [3, 5, 0, false],
    ]);
    expect((await window(id, 3, 1)).lines).toMatchObject([{ line: 3, text: "after" }]);
    const shown = await readLine(ctx, { id, line: 2 });
    expect([shown.text.length, shown.complete]).toEqual([256 * 1024, false]);
    expect(await readLine(ctx, { id, line: 3 })).toEqual({ text: "after", complete: true });
    expect(await searchLines(ctx, { id, view: "all", text: "xxend", matchCase: true, around: 1 })).toMatchObject({ count: 1, rows: [2] });
  });

  test("progress that one stream wrote over itself while the other printed for long is shown as it ended", async () => {
    const pieces: Piece[] = [["stderr", "0 %"]];
    for (let percent = 1; percent <= 99; percent += 1) pieces.push(["stdout", `line ${percent}\n`], ["stderr", `\r${percent} %`]);
    const id = await printed([...pieces, ["stderr", "\r100 %\n"]]);
    const { lines } = await window(id, 1, 5);
    expect(lines[0]).toMatchObject({ stream: "stderr", text: "100 %", open: false });
    expect(lines[1]).toMatchObject({ stream: "stdout", text: "line 1" });
    expect((await window(id, 1, 5, "stderr")).lines).toMatchObject([{ line: 1, text: "100 %" }]);
  });
});

test("of very many matches those around a row are listed, and all are counted", async () => {
  const id = await printed(
    Array.from({ length: 30 }, (_, chunk): Piece => ["stdout", Array.from({ length: 1000 }, (__, line) => `hit ${chunk * 1000 + line + 1}\n`).join("")]),
  );
  const middle = await searchLines(ctx, { id, view: "all", text: "HIT", matchCase: false, around: 20_000 });
  expect(middle.count).toBe(30_000);
  expect(middle.rows).toContain(20_000);
  expect(middle.rows[0]).toBe(middle.before + 1);
  expect(middle.rows).toEqual(Array.from({ length: middle.rows.length }, (_, index) => middle.before + index + 1));
  expect((await searchLines(ctx, { id, view: "all", text: "HIT", matchCase: true, around: 1 })).count).toBe(0);
});

test("a moment leads to the row that was printed then", async () => {
  const id = await printed([
    ["stdout", "one\ntwo\n"],
    ["stderr", "three\n"],
    ["stdout", "four\n"],
  ]);
  const rowAt = (atMs: number, view: LogView = "all") => findMoment(ctx, { id, view, atMs });
  expect(await rowAt(0)).toEqual({ row: 1 });
  expect(await rowAt(900)).toEqual({ row: 3 });
  expect(await rowAt(1500)).toEqual({ row: 4 });
  expect(await rowAt(1500, "stderr")).toEqual({ row: 1 });
  expect(await rowAt(90_000)).toEqual({ row: 4 });
});

test("two attempts are compared without what varies, unless that is asked for", async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE;");
  const id = await ctx.submit({ retry: { maxRetries: 0 } });
  const outputs = ["took 12 ms\nloading\nboom\n", "took 99 ms\nloading\ndone\n"];
  for (const [index, text] of outputs.entries()) {
    const [lease] = await ctx.lease();
    if (lease === undefined) throw new Error("Nothing was due.");
    await appendOutput(ctx.database, lease, chunksOf([["stdout", text]]));
    await ctx.settle(lease, index === 0 ? "exit_nonzero" : "succeeded");
    if (index === 0) await retryRun(ctx, { id });
  }
  const alike = await compareOutput(ctx, { id, left: 1, right: 2, ignoreVarying: true });
  expect(alike.hunks).toEqual([
    {
      left: 1,
      right: 1,
      lines: [
        { kind: "same", text: "took 99 ms" },
        { kind: "same", text: "loading" },
        { kind: "removed", text: "boom" },
        { kind: "added", text: "done" },
      ],
    },
  ]);
  const exact = await compareOutput(ctx, { id, left: 1, right: 2, ignoreVarying: false });
  expect(exact.hunks[0]?.lines.filter(({ kind }) => kind === "same").map(({ text }) => text)).toEqual(["loading"]);
  expect(exact).toMatchObject({ left: { compared: 3, skipped: 0 }, tooDifferent: false });
});
