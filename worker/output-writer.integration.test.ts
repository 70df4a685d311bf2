import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { Lease } from "#server/runs/lease-runs.ts";
import { unpack } from "#server/runs/packed-bytes.ts";
import { createTestContext } from "#server/testing.ts";
import type { TestContext } from "#server/testing.ts";

import type { OutputChunk } from "./executor/types.ts";
import { deliver } from "./journal.ts";
import { createOutputSpill } from "./output-spill.ts";
import { createOutputWriter } from "./output-writer.ts";

const KIB = 1024;
const BOUND_BYTES = 4 * KIB * KIB;
const directory = mkdtempSync(join(tmpdir(), "corral-spill-"));
let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => {
  await ctx.close();
  rmSync(directory, { recursive: true });
});

async function leaseOne(): Promise<Lease> {
  await ctx.submit();
  const [lease] = await ctx.lease();
  assert.ok(lease);
  return lease;
}

const chunk = (seq: number, bytes = 64 * KIB): OutputChunk => ({
  seq,
  stream: seq % 3 === 0 ? "stderr" : "stdout",
  atMs: seq,
  bytes: Buffer.alloc(bytes, seq % 251),
});

/** What is stored of an attempt: each piece with its length and whether its bytes are its own. */
async function stored({ attemptId }: Lease) {
  const rows = await ctx.database.client.outputChunk.findMany({ where: { attemptId }, orderBy: { seq: "asc" } });
  const areOwn = rows.every((row) => Buffer.from(unpack(row)).equals(Buffer.alloc(row.unpackedSize ?? row.bytes.byteLength, row.seq % 251)));
  return { seqs: rows.map(({ seq }) => seq), areOwn };
}

const upTo = (last: number) => Array.from({ length: last }, (_seq, index) => index + 1);

test("while the database is away a script prints on: what does not fit into memory goes to disk, and all of it gets through in order", async () => {
  const lease = await leaseOne();
  const spill = createOutputSpill(join(directory, "prints-on"));
  const writer = createOutputWriter(ctx.database, lease, spill, Date.now);
  await writer.write(chunk(1));
  const comeBack = await ctx.database.takeAway();
  for (let seq = 2; seq <= 100; seq += 1) await writer.write(chunk(seq));
  expect(spill.isEmpty()).toBe(false);
  expect(writer.unwritten().length).toBeLessThan(20);
  await comeBack();
  for (let seq = 101; seq <= 120; seq += 1) await writer.write(chunk(seq));
  await expect.poll(() => ctx.database.client.outputChunk.count({ where: { attemptId: lease.attemptId } }), { timeout: 20_000 }).toBe(120);
  expect(await stored(lease)).toEqual({ seqs: upTo(120), areOwn: true });
  expect(await writer.finish(1_000)).toEqual([]);
  expect(writer.spilled()).toBeNull();
});

test("a script that ends meanwhile leaves the rest to the journal, which delivers it, a cut-off last piece aside", async () => {
  const lease = await leaseOne();
  const spill = createOutputSpill(join(directory, "ends"));
  const writer = createOutputWriter(ctx.database, lease, spill, Date.now);
  const comeBack = await ctx.database.takeAway();
  for (let seq = 1; seq <= 60; seq += 1) await writer.write(chunk(seq));
  const output = await writer.finish(50);
  expect(writer.spilled()).toBe(spill.path);
  await comeBack();
  const settlement = {
    attemptId: lease.attemptId,
    leaseToken: lease.leaseToken,
    interruption: null,
    end: { outcome: "succeeded" as const, message: "It ended.", exitCode: 0, signal: null, finishedAt: new Date() },
  };
  expect(await deliver(ctx.database, ctx.queue, { lease, settlement, output, spill: writer.spilled() })).toMatchObject({ accepted: true });
  expect(await stored(lease)).toEqual({ seqs: upTo(60), areOwn: true });
});

test("the disk is filled up to its bound; then the script waits, and goes on when the database is back", async () => {
  const lease = await leaseOne();
  const spill = createOutputSpill(join(directory, "bounded"), BOUND_BYTES);
  const writer = createOutputWriter(ctx.database, lease, spill, Date.now);
  const comeBack = await ctx.database.takeAway();
  const total = Math.ceil((2 * BOUND_BYTES) / (64 * KIB));
  let written = 0;
  const printing = (async () => {
    for (let seq = 1; seq <= total; seq += 1) {
      await writer.write(chunk(seq));
      written = seq;
    }
  })();
  await expect.poll(() => written * 64 * KIB, { timeout: 20_000 }).toBeGreaterThan(BOUND_BYTES - KIB * KIB);
  expect(written).toBeLessThan(total);
  await comeBack();
  await printing;
  await writer.finish(30_000);
  expect(writer.spilled()).toBeNull();
  expect((await stored(lease)).seqs).toEqual(upTo(total));
});

test("an attempt whose output gets through makes no file", async () => {
  const lease = await leaseOne();
  const spill = createOutputSpill(join(directory, "unused"));
  const writer = createOutputWriter(ctx.database, lease, spill, Date.now);
  for (let seq = 1; seq <= 40; seq += 1) await writer.write(chunk(seq));
  expect(await writer.finish(10_000)).toEqual([]);
  expect(existsSync(spill.path)).toBe(false);
  expect(readdirSync(directory)).not.toContain("unused");
});
