import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { retryDeadLetters } from "../dead-letters/retry-dead-letters.ts";
import { appendOutput } from "../runs/append-output.ts";
import { appendUsage } from "../runs/append-usage.ts";
import { cancelRun } from "../runs/cancel-run.ts";
import { getRun } from "../runs/get-run.ts";
import { submitBatch } from "../runs/submit-batch.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { purge } from "./purge.ts";

const DAY_MS = 24 * 3_600_000;
const KEPT = { runsDays: 30, deadLettersDays: 90, outputDays: 90 };

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run, bulk_operation CASCADE;");
});
afterAll(() => ctx.close());

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
const statuses = async () => (await ctx.database.client.run.findMany({ select: { status: true } })).map(({ status }) => status).toSorted();
const rows = async (table: string) => Number((await ctx.database.pool.query<{ count: string }>(`SELECT count(*) FROM ${table}`)).rows[0]?.count);

/** One run of each kind of end, and one of each that has not ended. */
async function everyKind() {
  await ctx.submit();
  const [done] = await ctx.lease();
  if (done === undefined) throw new Error("Nothing was leased.");
  await appendOutput(ctx.database, done, [{ seq: 1, stream: "stdout", at: new Date(), bytes: Buffer.from("kept a while\n"), droppedBytes: null }]);
  await ctx.settle(done, "succeeded");
  await ctx.deadLetter();
  await cancelRun(ctx, { id: await ctx.submit() });
  await ctx.submit();
  await ctx.lease();
  await ctx.submit();
}

test("each goes at its own time, with all that belongs to it; what has not ended stays", async () => {
  await everyKind();
  expect(await purge(ctx.database, KEPT, inDays(29))).toMatchObject({ runs: 0, deadLetters: 0 });
  expect(await rows("output_chunk")).toBe(1);
  expect(await purge(ctx.database, KEPT, inDays(31))).toMatchObject({ runs: 2, deadLetters: 0 });
  expect(await statuses()).toEqual(["dead", "queued", "running"]);
  expect([await rows("output_chunk"), await rows("run_content"), await rows("attempt")]).toEqual([0, 3, 2]);
  expect(await purge(ctx.database, KEPT, inDays(91))).toMatchObject({ runs: 0, deadLetters: 1 });
  expect(await purge(ctx.database, KEPT, inDays(10_000))).toMatchObject({ runs: 0, deadLetters: 0 });
  expect(await statuses()).toEqual(["queued", "running"]);
});

test("output and samples go before their run, which says so; those of an attempt that still runs stay", async () => {
  await ctx.submit();
  await ctx.submit();
  const [done, running] = await ctx.lease(2);
  if (done === undefined || running === undefined) throw new Error("Two runs were to be leased.");
  for (const lease of [done, running]) {
    await appendOutput(ctx.database, lease, [{ seq: 1, stream: "stdout", at: new Date(), bytes: Buffer.from("kept a while\n"), droppedBytes: null }]);
    await appendUsage(ctx.database, lease, [{ atMs: 1, memoryBytes: 1, cpuMs: 1, throttledMs: 0, pids: 1 }]);
  }
  await ctx.settle(done, "succeeded");
  const kept = { ...KEPT, outputDays: 7 };
  expect(await purge(ctx.database, kept, inDays(6))).toMatchObject({ runs: 0, outputs: 0 });
  const [first, second] = await Promise.all([purge(ctx.database, kept, inDays(8)), purge(ctx.database, kept, inDays(8))]);
  expect(first.outputs + second.outputs).toBeGreaterThanOrEqual(1);
  expect([await rows("run"), await rows("output_chunk"), await rows("usage_sample")]).toEqual([2, 1, 1]);
  const [{ output } = { output: null }] = (await getRun(ctx, { id: done.runId, include: [] })).attempts;
  expect(output).toMatchObject({ stdoutBytes: 0, removedAt: expect.any(String) as unknown });
  expect((await getRun(ctx, { id: running.runId, include: [] })).attempts[0]?.output.removedAt).toBeNull();
  expect(await purge(ctx.database, kept, inDays(8))).toMatchObject({ outputs: 0 });
});

test("more than a batch at once, by several callers, each run once", async () => {
  const { items } = await submitBatch(ctx, { runs: Array.from({ length: 450 }, () => ({ language: "bash", source: "true" })) });
  for (const { id } of items) await cancelRun(ctx, { id });
  const purged = await Promise.all([1, 2, 3].map(() => purge(ctx.database, KEPT, inDays(31))));
  expect(purged.reduce((sum, { runs }) => sum + runs, 0)).toBe(450);
  expect(await rows("run")).toBe(0);
});

test("bulk operations and workers that ended go too; a worker that an attempt still names stays", async () => {
  await ctx.deadLetter();
  const { id } = await retryDeadLetters(ctx, { filter: {} });
  const gone = await ctx.addWorker();
  await ctx.database.client.worker.updateMany({ where: { id: { in: [gone, ctx.workerId] } }, data: { status: "stopped" } });
  await ctx.database.client.bulkOperation.updateMany({ where: { id: id ?? "" }, data: { status: "finished", finishedAt: new Date() } });
  expect(await purge(ctx.database, KEPT, inDays(31))).toMatchObject({ bulkOperations: 1, workers: 1 });
  expect(await ctx.database.client.worker.findMany({ select: { id: true } })).toEqual([{ id: ctx.workerId }]);
});
