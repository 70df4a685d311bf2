import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { getBulkOperation } from "../bulk-operations/get-bulk-operation.ts";
import { listBulkItems } from "../bulk-operations/list-bulk-items.ts";
import { workBulkOperation } from "../bulk-operations/work-bulk-operation.ts";
import { LimitExceededError } from "../errors.ts";
import { getRun } from "../runs/get-run.ts";
import { retryRun } from "../runs/retry-run.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { countDeadLetters } from "./count-dead-letters.ts";
import { discardDeadLetters } from "./discard-dead-letters.ts";
import { listDeadLetters } from "./list-dead-letters.ts";
import { retryDeadLetters } from "./retry-dead-letters.ts";

let ctx: TestContext;

beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run, bulk_operation CASCADE;");
});
afterAll(() => ctx.close());

const status = async (id: string) => (await getRun(ctx, { id, include: [] })).status;

async function worked(operation: { id: string | null }) {
  if (operation.id === null) throw new Error("It was a dry run.");
  await workBulkOperation(ctx.database, ctx.queue, operation.id);
  return getBulkOperation(ctx, { id: operation.id });
}

test("all that match, less the excluded, frozen at its moment", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 6; index += 1) ids.push(await ctx.deadLetter({ tags: ["nightly"] }));
  const other = await ctx.deadLetter({ tags: ["hourly"] });
  const { count, asOf } = await countDeadLetters(ctx, { tag: ["nightly"] });
  expect(count).toBe(6);
  const late = await ctx.deadLetter({ tags: ["nightly"] });
  const [excluded] = ids;

  const selection = { filter: { tag: ["nightly"] }, excludeIds: [excluded ?? ""], asOf };
  expect(await retryDeadLetters(ctx, { ...selection, dryRun: true })).toMatchObject({ id: null, total: 5, dryRun: true });
  expect(await status(ids[1] ?? "")).toBe("dead");

  const operation = await worked(await retryDeadLetters(ctx, selection));
  expect(operation).toMatchObject({ status: "finished", total: 5, done: 5, succeeded: 5, skipped: 0, failed: 0 });
  expect(await Promise.all(ids.map(status))).toEqual(["dead", "queued", "queued", "queued", "queued", "queued"]);
  expect(await status(other)).toBe("dead");
  expect(await status(late)).toBe("dead");
  expect((await ctx.lease(20)).map((lease) => lease.runId).sort()).toEqual(ids.slice(1).sort());
});

test("what left the dead letters meanwhile is skipped with its reason", async () => {
  const [first, second] = [await ctx.deadLetter(), await ctx.deadLetter()];
  const operation = await retryDeadLetters(ctx, { ids: [first, second] });
  await retryRun(ctx, { id: first });
  expect(await worked(operation)).toMatchObject({ succeeded: 1, skipped: 1 });
  const { items } = await listBulkItems(ctx, { id: operation.id ?? "", limit: 10 });
  expect(items.find((item) => item.runId === first)).toMatchObject({ result: "skipped", reason: expect.stringContaining("no longer a dead letter") as string });
});

test("what was retried and died again since is not retried for the failure that it was not selected for", async () => {
  const id = await ctx.deadLetter();
  const operation = await retryDeadLetters(ctx, { filter: {} });
  await retryRun(ctx, { id });
  const [lease] = await ctx.lease();
  await ctx.settle(lease as NonNullable<typeof lease>, "exit_nonzero");
  expect(await status(id)).toBe("dead");
  expect(await worked(operation)).toMatchObject({ succeeded: 0, skipped: 1 });
  expect(await status(id)).toBe("dead");
});

test("four callers at once retry each run once", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 25; index += 1) ids.push(await ctx.deadLetter());
  const operations = await Promise.all([1, 2, 3, 4].map(() => retryDeadLetters(ctx, { filter: {} })));
  const ended = await Promise.all(operations.map(worked));
  expect(ended.reduce((sum, operation) => sum + operation.succeeded, 0)).toBe(25);
  expect(ended.every((operation) => operation.done === operation.total && operation.status === "finished")).toBe(true);
  expect(await ctx.lease(100)).toHaveLength(25);
});

test("raised limits are checked before anything is queued, and are in force afterwards", async () => {
  const id = await ctx.deadLetter({ limits: { memoryBytes: 64 * 1024 ** 2 } });
  await expect(retryDeadLetters(ctx, { ids: [id], limits: { memoryBytes: 1024 ** 5 } })).rejects.toBeInstanceOf(LimitExceededError);
  await worked(await retryDeadLetters(ctx, { ids: [id], limits: { memoryBytes: 128 * 1024 ** 2 } }));
  expect((await getRun(ctx, { id, include: [] })).limits.memoryBytes).toBe(128 * 1024 ** 2);
});

test("discard puts them aside for good", async () => {
  const id = await ctx.deadLetter();
  expect(await worked(await discardDeadLetters(ctx, { ids: [id] }))).toMatchObject({ succeeded: 1 });
  expect(await status(id)).toBe("discarded");
  expect((await listDeadLetters(ctx, { limit: 10 })).items).toEqual([]);
});

test("an empty selection is an operation that has ended", async () => {
  expect(await retryDeadLetters(ctx, { filter: { language: ["node"] } })).toMatchObject({ status: "finished", total: 0 });
});
