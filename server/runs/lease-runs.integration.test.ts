import { randomUUID } from "node:crypto";

import { afterEach, beforeEach, expect, test } from "vitest";

import { pauseLane, resumeLane } from "../lanes/pause-lane.ts";
import { openQueue } from "../queue/queue.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { getRun } from "./get-run.ts";
import { leaseRuns } from "./lease-runs.ts";
import type { LeaseRequest } from "./lease-runs.ts";
import { retryRun } from "./retry-run.ts";
import { submitBatch } from "./submit-batch.ts";

const MIB = 1024 ** 2;

let ctx: TestContext;
beforeEach(async () => {
  ctx = await createTestContext();
});
afterEach(() => ctx.close());

const lease = async (request: Partial<LeaseRequest>) => {
  const all = {
    lane: "batch" as const,
    count: 50,
    enforced: true,
    languages: ["bash"],
    memoryBytes: 1024 * MIB,
    tags: [],
    taggedOnly: false,
    admit: (due: readonly unknown[]) => due.length,
  };
  const leases = await leaseRuns(ctx.database, ctx.queue, { ...all, leaseToken: randomUUID(), workerId: ctx.workerId, ...request });
  return leases.map(({ runId }) => runId);
};

test("a worker passes over what it has no interpreter for, and the run says so until one has", async () => {
  const ruby = await ctx.submit({ language: "ruby" });
  const bash = await ctx.submit();
  expect(await lease({})).toEqual([bash]);
  expect((await getRun(ctx, { id: ruby, include: [] })).waitingReason).toMatch(/^No worker offers ruby; they offer bash/);
  expect(await lease({ languages: ["bash", "ruby"] })).toEqual([ruby]);
});

test("a run that a worker could never hold is left to a larger one", async () => {
  const large = await ctx.submit({ limits: { memoryBytes: 512 * MIB } });
  const small = await ctx.submit({ limits: { memoryBytes: 64 * MIB } });
  expect(await lease({ memoryBytes: 256 * MIB })).toEqual([small]);
  expect(await lease({ memoryBytes: 512 * MIB })).toEqual([large]);
});

test("a tag that demands a worker leads the run there and nowhere else; a worker may keep to such runs", async () => {
  const gpu = await ctx.submit({ tags: ["nightly", "worker:gpu"] });
  const both = await ctx.submit({ tags: ["worker:gpu", "worker:eu"] });
  const plain = await ctx.submit({ tags: ["nightly"] });
  expect(await lease({ tags: ["gpu"], taggedOnly: true })).toEqual([gpu]);
  expect(await lease({})).toEqual([plain]);
  expect((await getRun(ctx, { id: both, include: [] })).waitingReason).toBe("No worker has the tags gpu and eu. Start one with CORRAL_WORKER_TAGS=gpu,eu.");
  expect(await lease({ tags: ["eu", "gpu", "ssd"] })).toEqual([both]);
});

test("a paused lane gives nothing out, the other does; resumed it goes on, and both may be asked twice", async () => {
  const [batch, interactive] = [await ctx.submit(), await ctx.submit({ lane: "interactive" })];
  for (let time = 0; time < 2; time += 1) expect(await pauseLane(ctx, { lane: "batch" })).toMatchObject({ paused: { by: "Corral" }, queued: 1 });
  expect(await lease({})).toEqual([]);
  expect((await getRun(ctx, { id: batch, include: [] })).waitingReason).toMatch(/^The batch lane is paused/);
  expect(await lease({ lane: "interactive" })).toEqual([interactive]);
  for (let time = 0; time < 2; time += 1) expect(await resumeLane(ctx, { lane: "batch" })).toMatchObject({ paused: null });
  expect(await lease({})).toEqual([batch]);
});

test("only as many are taken as there is room for, in the order of priority and age", async () => {
  const ids = [await ctx.submit(), await ctx.submit(), await ctx.submit()];
  const urgent = await ctx.submit({ priority: 5, limits: { memoryBytes: 32 * MIB, cpuMillis: 250 } });
  const asked: unknown[] = [];
  const two = (due: readonly unknown[]) => {
    asked.push(...due.slice(0, 1));
    return 2;
  };
  expect(await lease({ admit: two })).toEqual(expect.arrayContaining([urgent, ids[0]]));
  expect(asked).toEqual([{ memoryBytes: 32 * MIB, cpuMillis: 250 }]);
  expect(await lease({ admit: () => 0 })).toEqual([]);
  expect((await lease({})).toSorted()).toEqual(ids.slice(1).toSorted());
});

test("a retry and a new policy are delivered with what they need then", async () => {
  const id = await ctx.deadLetter({ limits: { memoryBytes: 64 * MIB } });
  await retryRun(ctx, { id, limits: { memoryBytes: 512 * MIB } });
  expect(await lease({ memoryBytes: 256 * MIB })).toEqual([]);
  expect(await lease({ memoryBytes: 512 * MIB })).toEqual([id]);
});

test("a run that was queued before jobs said what they need is taken by the next worker that starts", async () => {
  const id = await ctx.submit({ limits: { memoryBytes: 64 * MIB } });
  await ctx.database.pool.query("UPDATE pgboss.job SET data = data - 'language' - 'memoryBytes' - 'cpuMillis'");
  expect(await lease({})).toEqual([]);
  const next = await openQueue(ctx.database, "worker");
  await next.stop();
  expect(await lease({ memoryBytes: 32 * MIB })).toEqual([]);
  expect(await lease({})).toEqual([id]);
});

test("a worker that is drained, stopped or was taken for lost gets nothing; another does", async () => {
  const waiting = await ctx.submit();
  const other = await ctx.addWorker();
  for (const status of ["draining", "stopped", "lost"] as const) {
    await ctx.database.client.worker.update({ where: { id: other }, data: { status } });
    expect(await lease({ workerId: other })).toEqual([]);
  }
  expect(await lease({})).toEqual([waiting]);
});

test.each(["that the planner knows nothing of", "that it has counted"])("a lease reads no more of a long backlog %s", async (known) => {
  const BACKLOG = 3_000;
  for (let submitted = 0; submitted < BACKLOG; submitted += 1_000) {
    await submitBatch(ctx, { runs: Array.from({ length: 1_000 }, () => ({ language: "bash", source: "true" })) });
  }
  if (known === "that it has counted") await ctx.database.pool.query("ANALYZE");
  const entriesRead = async () => {
    // Each connection of the pool reports for itself, and at once only when it is told to.
    await Promise.all(Array.from({ length: 8 }, () => ctx.database.pool.query("SELECT pg_stat_force_next_flush(), pg_sleep(0.02)")));
    await ctx.database.pool.query("SELECT pg_stat_force_next_flush()");
    const { rows } = await ctx.database.pool.query<{ read: string }>(
      `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = 'pgboss' AND relname LIKE 'job%')
        + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE indexrelname LIKE 'job%i11')
        + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname = 'run')
        + (SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'run_status_id_idx') AS read`,
    );
    return Number(rows[0]?.read);
  };
  const before = await entriesRead();
  for (let round = 0; round < 8; round += 1) expect(await lease({ count: 2 })).toHaveLength(2);
  expect((await entriesRead()) - before).toBeLessThan(500);
});
