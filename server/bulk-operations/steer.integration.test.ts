import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { RetryDeadLetters } from "../contracts/dead-letters.ts";
import type { Outcome } from "../contracts/statuses.ts";
import { retryDeadLetters } from "../dead-letters/retry-dead-letters.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { getBulkOperation } from "./get-bulk-operation.ts";
import { listBulkItems } from "./list-bulk-items.ts";
import { abortBulkOperation, pauseBulkOperation, resumeBulkOperation } from "./steer-bulk-operation.ts";
import { workBulkOperation } from "./work-bulk-operation.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run, bulk_operation CASCADE;");
});
afterAll(() => ctx.close());

const work = (id: string) => workBulkOperation(ctx.database, ctx.queue, id);
const show = (id: string) => getBulkOperation(ctx, { id });

async function started(count: number, ratePerMinute?: number, canary?: RetryDeadLetters["canary"]): Promise<string> {
  for (let index = 0; index < count; index += 1) await ctx.deadLetter();
  const { id } = await retryDeadLetters(ctx, { filter: {}, ...(ratePerMinute === undefined ? {} : { ratePerMinute }), ...(canary && { canary }) });
  if (id === null) throw new Error("It was a dry run.");
  return id;
}

/** The moments at which the operation's jobs come due, from now on, milliseconds. */
async function due(): Promise<number[]> {
  const { rows } = await ctx.database.pool.query<{ ms: number }>(
    "SELECT extract(epoch FROM start_after - now())::float * 1000 AS ms FROM pgboss.job WHERE name = 'bulk-operation' AND state < 'active' ORDER BY start_after",
  );
  return rows.map(({ ms }) => ms);
}

const comesDue = () => ctx.database.pool.query("UPDATE bulk_operation SET next_batch_at = now() - interval '1 ms'");

test("a paused operation rests until it is resumed, and then does the rest", async () => {
  const id = await started(3);
  expect(await pauseBulkOperation(ctx, { id })).toMatchObject({ status: "paused", done: 0 });
  await work(id);
  expect(await show(id)).toMatchObject({ status: "paused", done: 0 });
  expect(await resumeBulkOperation(ctx, { id })).toMatchObject({ status: "pending" });
  // Asked twice it is handed over once.
  await resumeBulkOperation(ctx, { id });
  expect(await due()).toHaveLength(2);
  await work(id);
  expect(await show(id)).toMatchObject({ status: "finished", succeeded: 3 });
});

test("a pace is kept: a batch, then the next when it is due, and another job meanwhile does nothing", async () => {
  const id = await started(5, 60);
  await ctx.database.pool.query("DELETE FROM pgboss.job WHERE name = 'bulk-operation'");
  await work(id);
  expect(await show(id)).toMatchObject({ status: "running", succeeded: 2, ratePerMinute: 60 });
  const [next] = await due();
  expect(next).toBeGreaterThan(1_000);
  expect(next).toBeLessThanOrEqual(2_000);
  await work(id);
  expect(await show(id)).toMatchObject({ succeeded: 2 });
  for (const done of [4, 5]) {
    await comesDue();
    await work(id);
    expect(await show(id)).toMatchObject({ succeeded: done });
  }
  expect(await show(id)).toMatchObject({ status: "finished" });
});

test("an abort between two batches leaves the rest as dead letters, with the reason", async () => {
  const id = await started(4, 60);
  await work(id);
  expect(await abortBulkOperation(ctx, { id })).toMatchObject({ status: "aborted", total: 4, done: 4, succeeded: 2, skipped: 2 });
  await comesDue();
  await work(id);
  expect(await show(id)).toMatchObject({ status: "aborted", succeeded: 2 });
  const { items } = await listBulkItems(ctx, { id, limit: 10 });
  expect(items.filter(({ reason }) => reason === "The operation was aborted before it.")).toHaveLength(2);
  expect(await ctx.database.client.run.count({ where: { status: "dead" } })).toBe(2);
});

test("abort beside its worker: every run is either queued or left, and counted as that", async () => {
  const id = await started(30);
  await Promise.all([work(id), abortBulkOperation(ctx, { id }).catch((error: unknown) => error)]);
  const operation = await show(id);
  expect(operation.succeeded + operation.skipped).toBe(30);
  expect(await ctx.database.client.run.count({ where: { status: "queued" } })).toBe(operation.succeeded);
});

test("what has ended can't be steered, and what never was is not found", async () => {
  const id = await started(1);
  await work(id);
  await expect(pauseBulkOperation(ctx, { id })).rejects.toBeInstanceOf(ConflictError);
  await expect(resumeBulkOperation(ctx, { id })).rejects.toThrow("This operation is finished; only one that goes on can be resumed.");
  await expect(abortBulkOperation(ctx, { id: "nothing" })).rejects.toBeInstanceOf(NotFoundError);
});

describe("a canary", () => {
  const canary = { count: 3, passPercent: 60 };
  /** Lets every run that is queued end so, one after the other. */
  const end = async (...outcomes: Outcome[]) => {
    const leases = await ctx.lease(10);
    expect(leases).toHaveLength(outcomes.length);
    for (const [index, lease] of leases.entries()) await ctx.settle(lease, outcomes[index] ?? "succeeded");
  };

  test("goes first; the rest follows as soon as enough of it has passed", async () => {
    const id = await started(7, undefined, canary);
    await work(id);
    expect(await show(id)).toMatchObject({ status: "running", done: 3, canary: { ...canary, state: "waiting", succeeded: 0, failed: 0 } });
    await work(id);
    expect(await show(id)).toMatchObject({ done: 3 });
    const leases = await ctx.lease(10);
    expect(leases).toHaveLength(3);
    for (const lease of leases.slice(0, 2)) await ctx.settle(lease, "succeeded");
    await comesDue();
    await work(id);
    expect(await show(id)).toMatchObject({ status: "finished", done: 7, canary: { state: "judged", succeeded: 2 } });
  });

  test("that fails pauses the operation and says why; who resumes it sends the rest, who aborts it leaves the rest", async () => {
    const id = await started(7, undefined, canary);
    await work(id);
    await end("succeeded", "exit_nonzero", "exit_nonzero");
    await comesDue();
    await work(id);
    expect(await show(id)).toMatchObject({
      status: "paused",
      done: 3,
      message: "2 of the first 3 failed again; 60 % had to succeed. Resume to send the rest all the same, or abort.",
    });
    await resumeBulkOperation(ctx, { id });
    await work(id);
    expect(await show(id)).toMatchObject({ status: "finished", done: 7, message: null, canary: { state: "judged" } });
  });

  test("a selection no larger than its canary is sent whole", async () => {
    const id = await started(2, undefined, canary);
    await work(id);
    await comesDue();
    await work(id);
    expect(await show(id)).toMatchObject({ status: "finished", succeeded: 2 });
  });
});
