import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { sqlTransaction } from "../db/sql-transaction.ts";
import { ConflictError, InvalidInputError, LimitExceededError, NotFoundError } from "../errors.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { ANYTHING } from "../workers/test-worker.ts";
import { cancelRun } from "./cancel-run.ts";
import { getRun } from "./get-run.ts";
import { listRuns } from "./list-runs.ts";
import { recoverAttempts } from "./recover-attempts.ts";
import { retryNow } from "./retry-now.ts";
import { retryRun } from "./retry-run.ts";
import { settleAttempt } from "./settle-attempt.ts";
import { submitRun } from "./submit-run.ts";
import { leaseDelivered } from "./transition.ts";

let ctx: TestContext;

beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE;");
});
afterAll(() => ctx.close());

const one = async () => {
  const [lease] = await ctx.lease();
  if (lease === undefined) throw new Error("Nothing was due.");
  return lease;
};
const jobs = async () => Number((await ctx.database.pool.query<{ count: string }>("SELECT count(*) FROM pgboss.job WHERE name LIKE 'run.%'")).rows[0]?.count);
const show = (id: string) => getRun(ctx, { id, include: [] });

describe("submit", () => {
  test("commits the run and its delivery together", async () => {
    const id = await ctx.submit({ name: "hello", args: ["a b", ""], tags: ["x", "x"] });
    expect(await show(id)).toMatchObject({ name: "hello", status: "queued", args: ["a b", ""], tags: ["x"], attempts: [], lane: "batch" });
    expect(await jobs()).toBe(1);
  });

  test("leaves nothing behind when the delivery can't be written", async () => {
    const queue = { ...ctx.queue, enqueue: () => Promise.reject(new Error("no queue")) };
    await expect(submitRun({ ...ctx, queue }, { language: "bash", source: "true", lane: "batch" })).rejects.toThrow("no queue");
    expect((await listRuns(ctx, { limit: 10 })).items).toEqual([]);
    expect(await jobs()).toBe(0);
  });

  test("the same idempotency key makes one run, however many ask at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => submitRun(ctx, { language: "bash", source: "echo 1", lane: "batch", idempotencyKey: "once" })),
    );
    expect(new Set(answers.map((answer) => answer.run.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.created)).toHaveLength(1);
    expect(await jobs()).toBe(1);
    await expect(ctx.submit({ source: "echo 2", idempotencyKey: "once" })).rejects.toBeInstanceOf(ConflictError);
  });

  test("another caller's key is another key", async () => {
    const other = { ...ctx, actor: { ...ctx.actor, id: "somebody-else" } };
    const body = { language: "bash", source: "true", lane: "batch", idempotencyKey: "mine" } as const;
    const [mine, theirs] = [await submitRun(ctx, body), await submitRun(other, { ...body, source: "false" })];
    expect([mine.created, theirs.created]).toEqual([true, true]);
    expect((await submitRun(other, { ...body, source: "false" })).run.id).toBe(theirs.run.id);
  });

  test("refuses by name what is above a maximum, a language nobody knows, and a network nobody allowed", async () => {
    await expect(ctx.submit({ limits: { pidsMax: 1_000_000 } })).rejects.toBeInstanceOf(LimitExceededError);
    await expect(ctx.submit({ language: "cobol" })).rejects.toThrow(
      /language: "cobol" is no language that Corral knows; use one of bash, python, node, sh, perl, ruby/,
    );
    await expect(ctx.submit({ language: "pyhton" })).rejects.toThrow(/did you mean python\?/);
    await expect(ctx.submit({ network: true })).rejects.toBeInstanceOf(InvalidInputError);
    expect(await jobs()).toBe(0);
  });
});

describe("lease", () => {
  test("never gives one run to two", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => ctx.submit()));
    const leased = (await Promise.all(Array.from({ length: 6 }, () => ctx.lease(5)))).flat();
    expect(leased.map((lease) => lease.runId).sort()).toEqual(ids.sort());
    expect(await jobs()).toBe(0);
  });

  test("takes the higher priority first, and keeps the lanes apart", async () => {
    await ctx.submit({ name: "low", priority: -5 });
    await ctx.submit({ name: "high", priority: 5 });
    await ctx.submit({ name: "now", lane: "interactive" });
    expect((await ctx.lease(5, "interactive")).map((lease) => lease.name)).toEqual(["now"]);
    expect((await one()).name).toBe("high");
  });
});

describe("settle", () => {
  test("a success ends the run", async () => {
    const id = await ctx.submit();
    expect(await ctx.settle(await one(), "succeeded")).toEqual({ accepted: true, nextDelayMs: null });
    const run = await show(id);
    expect(run).toMatchObject({ status: "succeeded", outcome: "succeeded", nextAttemptAt: null });
    expect(run.attempts).toMatchObject([{ number: 1, status: "finished", outcome: "succeeded" }]);
    expect(run.finishedAt).not.toBeNull();
  });

  test("successes that come together are each told once, as they ended; one without its lease and one that can't be written keep nobody", async () => {
    const ids = await Promise.all(Array.from({ length: 70 }, () => ctx.submit()));
    const leases = await ctx.lease(70);
    expect(leases).toHaveLength(70);
    const [foreign, unwritable, ...rest] = leases;
    if (foreign === undefined || unwritable === undefined) throw new Error("Nothing was due.");
    const settle = ({ runId, attemptId, leaseToken, attempt }: typeof foreign, message = `${runId} of ${attempt}`) =>
      settleAttempt(ctx.database, ctx.queue, runId, {
        attemptId,
        leaseToken,
        interruption: null,
        end: {
          outcome: "succeeded",
          message,
          exitCode: 0,
          signal: null,
          finishedAt: new Date(),
          usage: { wallMs: 7, cpuMs: 5, peakMemoryBytes: 4, throttledMs: 0, pidsPeak: 1 },
          stdoutBytes: 5,
        },
      });
    const settled = await Promise.allSettled([
      settle({ ...foreign, leaseToken: randomUUID() }),
      // PostgreSQL keeps no NUL.
      settle(unwritable, "it\0ended"),
      ...rest.map((lease) => settle(lease)),
      ...rest.map((lease) => settle(lease)),
    ]);
    expect(settled[0]).toMatchObject({ status: "fulfilled", value: { accepted: false } });
    expect(settled[1]).toMatchObject({ status: "rejected" });
    const accepted = settled.slice(2).map((result) => result.status === "fulfilled" && result.value.accepted);
    expect(accepted.slice(0, rest.length).map((first, index) => Number(first) + Number(accepted[rest.length + index]))).toEqual(rest.map(() => 1));
    for (const { runId } of rest.slice(0, 3)) {
      expect(await show(runId)).toMatchObject({
        status: "succeeded",
        message: `${runId} of 1`,
        attempts: [{ outcome: "succeeded", exitCode: 0, usage: { wallMs: 7 }, output: { stdoutBytes: 5 } }],
      });
    }
    const { rows } = await ctx.database.pool.query<{ count: number }>("SELECT count(*)::int AS count FROM run WHERE id = ANY($1) AND status = 'succeeded'", [
      ids,
    ]);
    expect(rows[0]?.count).toBe(68);
    expect((await show(foreign.runId)).status).toBe("running");
  });

  test("a failure is retried after its backoff, and is a dead letter when its retries are used up", async () => {
    const id = await ctx.submit({ retry: { maxRetries: 1, delayMs: 60_000, maxDelayMs: 60_000, jitter: false } });
    await ctx.settle(await one(), "exit_nonzero");
    const waiting = await show(id);
    expect(waiting.status).toBe("retrying");
    expect(Date.parse(waiting.nextAttemptAt ?? "") - Date.now()).toBeGreaterThan(50_000);
    expect(await ctx.lease()).toEqual([]);

    await ctx.database.pool.query("UPDATE pgboss.job SET start_after = now()");
    await ctx.settle(await one(), "exit_nonzero");
    expect(await show(id)).toMatchObject({ status: "dead", chargedFailures: 2, attempts: [{ number: 1 }, { number: 2 }] });
    expect(await jobs()).toBe(0);
  });

  test("is refused without the lease, and the second time", async () => {
    const id = await ctx.submit();
    const lease = await one();
    expect(await ctx.settle({ ...lease, leaseToken: crypto.randomUUID() }, "succeeded")).toMatchObject({ accepted: false });
    expect((await show(id)).status).toBe("running");
    expect(await ctx.settle(lease, "exit_nonzero")).toMatchObject({ accepted: true });
    expect(await ctx.settle(lease, "succeeded")).toMatchObject({ accepted: false });
  });

  test("memory that ran out is more at the next attempt, whose worker is asked for that much", async () => {
    const memoryBytes = 64 * 1024 ** 2;
    const id = await ctx.submit({ limits: { memoryBytes }, retry: { maxRetries: 2, delayMs: 0, memoryFactor: 2, timeoutFactor: 3 } });
    await ctx.settle(await one(), "out_of_memory");
    expect((await show(id)).limits).toMatchObject({ memoryBytes: 2 * memoryBytes, timeoutMs: 300_000 });
    const { rows } = await ctx.database.pool.query<{ needs: string }>("SELECT data->>'memoryBytes' AS needs FROM pgboss.job WHERE data->>'runId' = $1", [id]);
    expect(rows).toEqual([{ needs: String(2 * memoryBytes) }]);
    const second = await one();
    expect(second.limits.memoryBytes).toBe(2 * memoryBytes);
    await ctx.settle(second, "timeout");
    const run = await show(id);
    expect(run.limits).toMatchObject({ memoryBytes: 2 * memoryBytes, timeoutMs: 900_000 });
    expect(run.attempts.map((attempt) => attempt.limits.memoryBytes)).toEqual([memoryBytes, 2 * memoryBytes]);
  });

  test("an exit code that is final is not tried again", async () => {
    const id = await ctx.submit({ retry: { maxRetries: 3, finalExitCodes: [1] } });
    await ctx.settle(await one(), "exit_nonzero");
    expect(await show(id)).toMatchObject({ status: "dead", attempts: [{ exitCode: 1 }] });
  });

  test("deadLetter: false fails instead", async () => {
    const id = await ctx.submit({ deadLetter: false, retry: { maxRetries: 0 } });
    await ctx.settle(await one(), "timeout");
    expect((await show(id)).status).toBe("failed");
  });
});

describe("a lost worker", () => {
  test("its run starts again uncharged, and its own late result is refused", async () => {
    const id = await ctx.submit({ retry: { maxRetries: 0 } });
    const lost = await one();
    expect(await recoverAttempts(ctx.database, ctx.queue, { workerId: ctx.workerId })).toBe(1);
    expect(await show(id)).toMatchObject({ status: "retrying", chargedFailures: 0, attempts: [{ outcome: "worker_lost" }] });
    expect(await ctx.settle(lost, "succeeded")).toMatchObject({ accepted: false });
    await ctx.settle(await one(), "succeeded");
    expect(await show(id)).toMatchObject({ status: "succeeded", attempts: [{ outcome: "worker_lost" }, { outcome: "succeeded" }] });
  });

  test("a run that takes three workers with it is a poison run", async () => {
    const id = await ctx.submit();
    for (let crash = 0; crash < 3; crash += 1) {
      await one();
      await recoverAttempts(ctx.database, ctx.queue, { workerId: ctx.workerId });
    }
    expect(await show(id)).toMatchObject({ status: "dead", outcome: "worker_lost", chargedFailures: 0 });
  });

  test("ten who race to recover it do it once", async () => {
    const id = await ctx.submit();
    await one();
    const counts = await Promise.all(Array.from({ length: 10 }, () => recoverAttempts(ctx.database, ctx.queue, { workerId: ctx.workerId })));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await show(id)).toMatchObject({ status: "retrying" });
    expect(await jobs()).toBe(1);
  });
});

describe("cancel", () => {
  test("a waiting run ends at once and is delivered to nobody", async () => {
    const id = await ctx.submit();
    expect(await cancelRun(ctx, { id })).toMatchObject({ status: "cancelled", outcome: "cancelled" });
    expect(await jobs()).toBe(0);
    await expect(cancelRun(ctx, { id })).rejects.toBeInstanceOf(ConflictError);
    await expect(cancelRun(ctx, { id: "nonsense" })).rejects.toBeInstanceOf(NotFoundError);
  });

  test("a running run is cancelled however its attempt then ends", async () => {
    const id = await ctx.submit();
    const lease = await one();
    const asked = await cancelRun(ctx, { id });
    expect(asked.status).toBe("running");
    expect(asked.cancelRequestedAt).not.toBeNull();
    await ctx.settle(lease, "exit_nonzero");
    expect(await show(id)).toMatchObject({ status: "cancelled", nextAttemptAt: null });
  });

  test("does not wait for a lease in the making, and wins over it", async () => {
    const id = await ctx.submit();
    await sqlTransaction(ctx.database, async (tx) => {
      const deliveries = await ctx.queue.hold(tx, "batch", { workerId: ctx.workerId, count: 1, ...ANYTHING });
      expect(deliveries.map((delivery) => delivery.runId)).toEqual([id]);
      expect(await cancelRun(ctx, { id })).toMatchObject({ status: "cancelled" });
      expect(await leaseDelivered(tx, deliveries, { leaseToken: randomUUID(), workerId: ctx.workerId, enforced: true })).toEqual([]);
      await ctx.queue.take(tx, "batch", deliveries);
    });
    expect(await ctx.lease(50)).toEqual([]);
  });

  test("fifty races against the lease leave each run with one fate", async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => ctx.submit()));
    const leasing = Promise.all(Array.from({ length: 10 }, () => ctx.lease(5)));
    await Promise.all(ids.map((id) => cancelRun(ctx, { id })));
    const leased = new Set((await leasing).flat().map((lease) => lease.runId));
    for (const id of ids) {
      const run = await show(id);
      expect(run.status).toBe(leased.has(id) ? "running" : "cancelled");
    }
    expect(await ctx.lease(50)).toEqual([]);
  });
});

describe("retry", () => {
  test("queues a dead letter again with its retries anew and a raised limit; its attempts go on counting", async () => {
    const id = await ctx.deadLetter({ limits: { memoryBytes: 64 * 1024 ** 2 } });
    const run = await retryRun(ctx, { id, limits: { memoryBytes: 128 * 1024 ** 2 } });
    expect(run).toMatchObject({ status: "queued", chargedFailures: 0, limits: { memoryBytes: 128 * 1024 ** 2 }, finishedAt: null });
    const lease = await one();
    expect(lease).toMatchObject({ attempt: 2, limits: { memoryBytes: 128 * 1024 ** 2 } });
  });

  test("now: the next attempt does not wait for its time, and is due once however many ask", async () => {
    const id = await ctx.submit({ retry: { maxRetries: 1, delayMs: 60_000, maxDelayMs: 60_000, jitter: false } });
    await expect(retryNow(ctx, { id })).rejects.toThrow("This run is queued; only one that is retrying");
    await ctx.settle(await one(), "exit_nonzero");
    expect(await ctx.lease()).toEqual([]);
    await Promise.all([1, 2, 3].map(() => retryNow(ctx, { id })));
    expect(await jobs()).toBe(1);
    expect(await show(id)).toMatchObject({ status: "retrying", chargedFailures: 1 });
    await ctx.settle(await one(), "exit_nonzero");
    expect(await show(id)).toMatchObject({ status: "dead", chargedFailures: 2 });
    await expect(retryNow(ctx, { id: crypto.randomUUID() })).rejects.toBeInstanceOf(NotFoundError);
  });

  test("is refused elsewhere, and above a maximum, without a change", async () => {
    const id = await ctx.deadLetter();
    await expect(retryRun(ctx, { id, limits: { pidsMax: 1_000_000 } })).rejects.toBeInstanceOf(LimitExceededError);
    expect((await show(id)).status).toBe("dead");
    await retryRun(ctx, { id });
    await expect(retryRun(ctx, { id })).rejects.toThrow(/This run is queued/);
    expect(await jobs()).toBe(1);
  });
});

test("a list pages through every run once, newest first, while others arrive", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 7; index += 1) ids.push(await ctx.submit({ name: `run ${index}` }));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRuns(ctx, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.items.map((run) => run.id));
    cursor = page.nextCursor ?? undefined;
    await ctx.submit({ name: "late" });
  } while (cursor !== undefined);
  expect(seen).toEqual(ids.reverse());
  expect((await listRuns(ctx, { limit: 10, q: "RUN 3" })).items).toHaveLength(1);
  expect((await listRuns(ctx, { limit: 10, q: "100%" })).items).toHaveLength(0);
});
