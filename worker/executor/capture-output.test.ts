import { PassThrough } from "node:stream";
import type { Readable } from "node:stream";

import fc from "fast-check";
import { expect, test } from "vitest";

import { captureOutput } from "./capture-output.ts";
import type { ByteSource } from "./script-pipe.ts";
import type { OutputChunk } from "./types.ts";

const fail = (error: unknown) => {
  throw error;
};

/** A source as a script's pipe is one: its bytes are gone when they were received. */
function sourceOf(stream: Readable): ByteSource {
  return {
    start: (receive) => {
      stream.on("data", (data: Buffer) => {
        const lent = Buffer.from(data);
        receive(lent);
        lent.fill("#");
      });
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    destroy: () => stream.destroy(),
    ended: new Promise((resolve) => stream.once("close", resolve).once("end", resolve)),
  };
}

async function capture(pieces: { name: "stdout" | "stderr"; bytes: Buffer }[], maxBytes: number) {
  const chunks: OutputChunk[] = [];
  let limits = 0;
  const captured = captureOutput({ maxBytes, now: () => 0, onChunk: (chunk) => void chunks.push(chunk), onLimit: () => (limits += 1), onFailure: fail });
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  captured.read(sourceOf(streams.stdout), "stdout");
  captured.read(sourceOf(streams.stderr), "stderr");
  for (const { name, bytes } of pieces) {
    streams[name].write(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  streams.stdout.end();
  streams.stderr.end();
  await captured.drain(1_000);
  await captured.delivered();
  const kept = chunks.filter((chunk) => chunk.droppedBytes === undefined);
  const textOf = (name: string) => Buffer.concat(kept.filter((chunk) => chunk.stream === name).map((chunk) => chunk.bytes));
  return { chunks, kept, limits, totals: captured.totals(), stdout: textOf("stdout"), stderr: textOf("stderr") };
}

const out = (bytes: Buffer | string) => ({ name: "stdout" as const, bytes: Buffer.from(bytes as string) });

test("streams are kept apart in one sequence", async () => {
  const { chunks, stdout, stderr } = await capture([out("a"), { name: "stderr", bytes: Buffer.from("b") }, out("c")], 1000);
  expect(chunks.map((chunk) => `${chunk.seq}${chunk.stream}${chunk.bytes.toString()}`)).toEqual(["1stdouta", "2stderrb", "3stdoutc"]);
  expect([stdout.toString(), stderr.toString()]).toEqual(["ac", "b"]);
});

test("head and tail, one marker, and every byte accounted for", async () => {
  const { chunks, stdout, totals, limits } = await capture([out("start\n"), out("x".repeat(10_000)), out("\nend\n")], 1000);
  expect(stdout.toString().startsWith("start\nxxx")).toBe(true);
  expect(stdout.toString().endsWith("xxx\nend\n")).toBe(true);
  expect(chunks.filter((chunk) => chunk.droppedBytes !== undefined)).toHaveLength(1);
  expect(totals).toEqual({ stdoutBytes: 10_011, stderrBytes: 0, keptBytes: 1000, droppedBytes: 9011 });
  expect(limits).toBe(1);
});

test("exactly the limit drops nothing", async () => {
  const { stdout, totals, limits } = await capture([out("x".repeat(1000))], 1000);
  expect(stdout.byteLength).toBe(1000);
  expect([totals.droppedBytes, limits]).toEqual([0, 0]);
});

test("no chunk cuts a character, wherever reads and limits fall (case 24)", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }).filter((text) => !text.includes("\ufffd")),
      fc.integer({ min: 8, max: 400 }),
      // Single bytes, and more at once than head and tail hold.
      fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 100, max: 1_000 })),
      async (text, maxBytes, step) => {
        const bytes = Buffer.from(text);
        const pieces = [];
        for (let start = 0; start < bytes.byteLength; start += step) pieces.push(out(bytes.subarray(start, start + step)));
        const { chunks, kept, totals, stdout } = await capture(pieces, maxBytes);
        for (const chunk of kept) expect(chunk.bytes.toString("utf8")).not.toContain("\ufffd");
        expect(totals.keptBytes + totals.droppedBytes).toBe(bytes.byteLength);
        expect(stdout.byteLength).toBe(totals.keptBytes);
        if (totals.droppedBytes === 0) {
          expect(stdout.equals(bytes)).toBe(true);
          return;
        }
        const marker = chunks.findIndex((chunk) => chunk.droppedBytes !== undefined);
        const [head, tail] = [chunks.slice(0, marker), chunks.slice(marker + 1)].map((part) => Buffer.concat(part.map((chunk) => chunk.bytes)));
        expect(bytes.indexOf(head ?? "?")).toBe(0);
        expect(bytes.subarray(bytes.byteLength - (tail?.byteLength ?? 0)).equals(tail ?? Buffer.from("?"))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test("bytes that are no UTF-8 pass through as they are", async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x80, 0x80, 0x80, 0x80, 0x80, 0xc3]);
  const { stdout } = await capture([out(bytes), out(bytes)], 1000);
  expect(stdout.equals(Buffer.concat([bytes, bytes]))).toBe(true);
});

test("a slow taker holds the streams back", async () => {
  const source = new PassThrough({ highWaterMark: 64 * 1024 });
  let release = () => {};
  const blocked = new Promise<void>((resolve) => (release = resolve));
  const captured = captureOutput({ maxBytes: 100_000_000, now: () => 0, onChunk: () => blocked, onLimit: () => undefined, onFailure: fail });
  captured.read(sourceOf(source), "stdout");
  let written = 0;
  const chunk = Buffer.alloc(64 * 1024, "x");
  while (written < 8_000_000 && source.write(chunk)) {
    written += chunk.byteLength;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(written).toBeLessThan(2_000_000);
  release();
  source.end();
  await captured.drain(5_000);
  await captured.delivered();
  expect(captured.totals().stdoutBytes).toBeGreaterThan(written);
});

test("what is in the pipes at the end is read past a taker that is stuck", async () => {
  const source = new PassThrough({ highWaterMark: 4 * 1024 * 1024 });
  let release = () => {};
  const blocked = new Promise<void>((resolve) => (release = resolve));
  const taken: number[] = [];
  const captured = captureOutput({
    maxBytes: 100_000_000,
    now: () => 0,
    onChunk: async ({ bytes }) => {
      await blocked;
      taken.push(bytes.byteLength);
    },
    onLimit: () => undefined,
    onFailure: fail,
  });
  captured.read(sourceOf(source), "stdout");
  for (let index = 0; index < 48; index += 1) source.write(Buffer.alloc(64 * 1024, "x"));
  source.end();
  await captured.drain(30_000);
  expect(captured.totals().stdoutBytes).toBe(48 * 64 * 1024);
  expect(taken).toEqual([]);
  release();
  await captured.delivered();
  expect(taken.reduce((sum, bytes) => sum + bytes, 0)).toBe(48 * 64 * 1024);
});

test("a taker that fails is told of once and given nothing more", async () => {
  const source = new PassThrough();
  const failures: unknown[] = [];
  let calls = 0;
  const captured = captureOutput({
    maxBytes: 1_000_000,
    now: () => 0,
    onChunk: () => {
      calls += 1;
      return Promise.reject(new Error("no database"));
    },
    onLimit: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  captured.read(sourceOf(source), "stdout");
  source.end(Buffer.alloc(300_000, "x"));
  await captured.drain(1_000);
  await captured.delivered();
  expect(failures).toEqual([new Error("no database")]);
  expect(calls).toBe(1);
  expect(captured.totals().stdoutBytes).toBe(300_000);
});

test("a tail of single bytes from both streams by turns is kept in order", async () => {
  const pieces = Array.from({ length: 4000 }, (_, index) => (index % 2 === 0 ? out("a") : { name: "stderr" as const, bytes: Buffer.from("b") }));
  const { kept, totals } = await capture(pieces, 400);
  expect(totals.keptBytes).toBe(400);
  expect(
    kept
      .slice(-100)
      .map((chunk) => chunk.bytes.toString())
      .join(""),
  ).toBe("ab".repeat(50));
});

test("secrets are masked before anything is cut, kept or dropped", async () => {
  const captured = (maxBytes: number, pieces: string[]) => {
    const chunks: string[] = [];
    const capturing = captureOutput({
      maxBytes,
      secrets: ["hunter22"],
      now: () => 0,
      onChunk: ({ bytes }) => void chunks.push(bytes.toString()),
      onLimit: () => undefined,
      onFailure: fail,
    });
    const stream = new PassThrough();
    capturing.read(sourceOf(stream), "stdout");
    for (const piece of pieces) stream.write(piece);
    stream.end();
    return capturing.drain(1_000).then(() => capturing.delivered().then(() => chunks.join("")));
  };
  expect(await captured(1_000, ["the password is hun", "ter", "22, again: hunter2"])).toBe("the password is ••••, again: hunter2");
  // Wherever head and tail are cut, no part of it is left on either side.
  for (let maxBytes = 10; maxBytes < 60; maxBytes += 1) expect(await captured(maxBytes, ["x".repeat(20), "hunter22", "y".repeat(20)])).not.toMatch(/hunt|er22/);
});
