import { randomBytes } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import { listGroups } from "../dead-letters/list-groups.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { appendOutput } from "./append-output.ts";
import { findOutputBeyond } from "./find-output-beyond.ts";
import { getRun } from "./get-run.ts";
import { readLines } from "./read-lines.ts";
import { readOutput } from "./read-output.ts";
import { searchLines } from "./search-lines.ts";
import { streamRawOutput } from "./stream-output.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

const KIB = 1024;
const LINES = 3_000;
const log = Array.from({ length: LINES }, (_, index) => `row ${index + 1} of the export was written, 完了\n`).join("");
const failure = "noise\n".repeat(10_000) + "ValueError: the last row is bad\n";

/** A dead letter that printed a long log, bytes that are no text and can't be packed, one short word, and why it failed. */
async function printed(): Promise<{ id: string; noise: Buffer }> {
  const id = await ctx.submit({ retry: { maxRetries: 0 }, name: "export" });
  const [lease] = await ctx.lease();
  if (lease?.runId !== id) throw new Error("Another run was due.");
  const noise = randomBytes(64 * KIB);
  const pieces = [
    { stream: "stdout" as const, bytes: Buffer.from(log) },
    { stream: "stdout" as const, bytes: Buffer.from("end\n") },
    { stream: "stderr" as const, bytes: noise },
    { stream: "stderr" as const, bytes: Buffer.from(failure) },
  ];
  await appendOutput(
    ctx.database,
    lease,
    pieces.map((piece, index) => ({ ...piece, seq: index + 1, at: new Date(), droppedBytes: null })),
  );
  await ctx.settle(lease, "exit_nonzero");
  return { id, noise };
}

test("output that is stored packed is read everywhere as it was printed", async () => {
  const { id, noise } = await printed();
  const stored = await ctx.database.client.outputChunk.findMany({ where: { attempt: { runId: id } }, orderBy: { seq: "asc" } });
  expect(stored.map(({ unpackedSize }) => unpackedSize)).toEqual([Buffer.byteLength(log), null, null, failure.length]);
  expect(stored[0]?.bytes.byteLength).toBeLessThan(log.length / 4);

  const raw: Uint8Array[] = [];
  for await (const bytes of streamRawOutput(ctx, { id, stream: "all", after: 0 })) raw.push(bytes);
  expect(Buffer.concat(raw).equals(Buffer.concat([Buffer.from(`${log}end\n`), noise, Buffer.from(failure)]))).toBe(true);

  const page = await readOutput(ctx, { id, stream: "stdout", after: 0 });
  expect(page.chunks.map(({ text }) => text)).toEqual([log, "end\n"]);
  const { output } = await getRun(ctx, { id, include: ["output"] });
  expect(output?.stdout).toBe(`${log}end\n`);
  expect(output?.stderr.endsWith(failure)).toBe(true);

  const { lines } = await readLines(ctx, { id, view: "stdout", from: LINES, count: 2 });
  expect(lines.map(({ text }) => text)).toEqual([`row ${LINES} of the export was written, 完了`, "end"]);
  expect(await searchLines(ctx, { id, view: "all", text: "row 2999 of", matchCase: true, around: 1 })).toMatchObject({ count: 1, rows: [2999] });
});

test("sizes are those of what was printed, not of what is stored", async () => {
  const { id } = await printed();
  const size = Buffer.byteLength(log);
  expect(await findOutputBeyond(ctx, { id, attempt: 1, after: 0, bytes: size + 65 * KIB + failure.length })).toBeNull();
  expect(await findOutputBeyond(ctx, { id, attempt: 1, after: 0, bytes: size + 63 * KIB + failure.length })).toMatchObject({ seq: 4 });
});

test("a dead letter's error line is found at the end of what is packed", async () => {
  const { items } = await listGroups(ctx, { limit: 10 });
  expect(items.map(({ title }) => title)).toEqual(["ValueError: the last row is bad"]);
});
