import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { workBulkOperation } from "../bulk-operations/work-bulk-operation.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { appendOutput } from "../runs/append-output.ts";
import { getRun } from "../runs/get-run.ts";
import { retryRun } from "../runs/retry-run.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { countDeadLetters } from "./count-dead-letters.ts";
import { countExpiring } from "./count-expiring.ts";
import { foldCounts } from "./fold-counts.ts";
import { discardDeadLetters } from "./discard-dead-letters.ts";
import { listDeadLetters } from "./list-dead-letters.ts";
import { listGroups } from "./list-groups.ts";
import { retryDeadLetters } from "./retry-dead-letters.ts";
import { ignoreGroup, reopenGroup, resolveGroup } from "./steer-group.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run, bulk_operation, dead_letter_group CASCADE;");
});
afterAll(() => ctx.close());

/** A dead letter that wrote this before it died. */
async function dies(name: string, stderr: string, options: { id?: string; outcome?: "exit_nonzero" | "timeout" } = {}): Promise<string> {
  const id = options.id ?? (await ctx.submit({ name, retry: { maxRetries: 0 } }));
  const [lease] = await ctx.lease();
  if (lease?.runId !== id) throw new Error("Another run was due.");
  const chunk = (seq: number, stream: "stdout" | "stderr", text: string) => ({ seq, stream, at: new Date(), bytes: Buffer.from(text), droppedBytes: null });
  await appendOutput(ctx.database, lease, [chunk(1, "stdout", "fine so far\n"), chunk(2, "stderr", stderr.slice(0, 9)), chunk(3, "stderr", stderr.slice(9))]);
  await ctx.settle(lease, options.outcome ?? "exit_nonzero");
  return id;
}
const groups = (filter: Partial<Parameters<typeof listGroups>[1]> = {}) => listGroups(ctx, { limit: 10, ...filter });
const only = async () => {
  const { items } = await groups();
  expect(items).toHaveLength(1);
  return items[0]?.fingerprint ?? "";
};

test("what died alike is one group, whatever numbers, paths and colours it wrote; what differs is another", async () => {
  const first = await dies("import 2026-11-23", "\u001b[31mValueError\u001b[0m: row 17 of /srv/a/x.csv is bad\n");
  const second = await dies("import 2026-11-24", "ValueError: row 9 of /srv/b/c/y.csv is bad\n");
  await dies("export", "ValueError: row 9 of /srv/b/c/y.csv is bad\n");
  const { items, nextCursor } = await groups();
  expect(nextCursor).toBeNull();
  expect(items.map(({ count, scripts }) => [count, scripts])).toEqual([
    [1, ["export"]],
    [2, ["import <time>"]],
  ]);
  const [, both] = items;
  expect(both).toMatchObject({
    title: "ValueError: row <n> of <path> is bad",
    outcome: "exit_nonzero",
    state: "open",
    why: { exitCode: 1, signal: null, script: "import <time>", line: "ValueError: row <n> of <path> is bad" },
  });
  expect(both?.hourly.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(both?.hourly.at(-1)).toBe(2);
  const runs = await listDeadLetters(ctx, { group: [both?.fingerprint ?? ""], limit: 10 });
  expect(runs.items.map(({ id }) => id)).toEqual([second, first]);
  const page = await groups({ limit: 1 });
  expect((await groups({ limit: 1, cursor: page.nextCursor ?? "" })).items.map(({ fingerprint }) => fingerprint)).toEqual([both?.fingerprint]);
});

test("a run leaves its group when it is retried, by all of it or alone, and its lineage says by whom", async () => {
  const alone = await dies("a", "fatal: x\n");
  const inBulk = await dies("a", "fatal: x\n");
  const discarded = await dies("a", "fatal: x\n");
  const fingerprint = await only();
  await retryRun(ctx, { id: alone, limits: { timeoutMs: 5_000 } });
  const operation = await retryDeadLetters(ctx, { filter: { group: [fingerprint] }, excludeIds: [discarded] });
  await workBulkOperation(ctx.database, ctx.queue, operation.id ?? "");
  expect((await groups()).items).toMatchObject([{ count: 1 }]);
  const discard = await discardDeadLetters(ctx, { ids: [discarded] });
  await workBulkOperation(ctx.database, ctx.queue, discard.id ?? "");
  expect((await groups()).items).toEqual([]);
  expect((await getRun(ctx, { id: alone, include: [] })).requeues).toMatchObject([
    { by: "Corral", afterAttempt: 1, operationId: null, limits: { timeoutMs: 5_000 } },
  ]);
  expect((await getRun(ctx, { id: inBulk, include: [] })).requeues).toMatchObject([{ afterAttempt: 1, operationId: operation.id }]);
});

test("ignored until a moment, resolved until it comes back", async () => {
  const id = await dies("a", "fatal: x\n");
  const fingerprint = await only();
  const until = new Date(Date.now() + 60_000).toISOString();
  expect(await ignoreGroup(ctx, { fingerprint, until })).toMatchObject({ state: "ignored", ignoredUntil: until, changedBy: "Corral", count: 1 });
  expect((await groups({ state: ["open"] })).items).toEqual([]);
  await ctx.database.pool.query("UPDATE dead_letter_group SET ignored_until = now() - interval '1 s'");
  expect((await groups({ state: ["open"] })).items).toMatchObject([{ state: "open", ignoredUntil: null }]);
  await expect(ignoreGroup(ctx, { fingerprint, until: new Date(Date.now() - 1_000).toISOString() })).rejects.toBeInstanceOf(InvalidInputError);

  expect(await resolveGroup(ctx, { fingerprint })).toMatchObject({ state: "resolved", reopenedAt: null });
  await dies("b", "fatal: y\n");
  expect((await groups({ state: ["resolved"] })).items).toMatchObject([{ fingerprint }]);
  await retryRun(ctx, { id });
  expect(await resolveGroup(ctx, { fingerprint })).toMatchObject({ state: "resolved", count: 0 });
  await dies("a", "fatal: x\n", { id });
  const [back] = (await groups({ group: [fingerprint] })).items;
  expect(back).toMatchObject({ state: "open", count: 1 });
  expect(back?.reopenedAt).not.toBeNull();
  expect(await reopenGroup(ctx, { fingerprint })).toMatchObject({ state: "open", reopenedAt: null });
  await expect(resolveGroup(ctx, { fingerprint: "nothing" })).rejects.toBeInstanceOf(NotFoundError);
});

test("what is about to be removed is counted, and can be listed", async () => {
  const old = await dies("a", "fatal: x\n");
  await dies("a", "fatal: x\n");
  expect(await countExpiring(ctx)).toMatchObject({ count: 0, withinDays: 7 });
  await ctx.database.pool.query("UPDATE run SET finished_at = now() - interval '84 days' WHERE id = $1", [old]);
  const expiring = await countExpiring(ctx);
  expect(expiring.count).toBe(1);
  expect((await listDeadLetters(ctx, { diedBefore: expiring.diedBefore, limit: 10 })).items.map(({ id }) => id)).toEqual([old]);
});

test("what is counted where it happens is what a scan counts, whatever becomes of the dead letters and however many fold at once", async () => {
  const ids: string[] = [];
  for (const [name, line] of Object.entries({ a: "it broke", b: "it broke", c: "it burnt", d: "it burnt", e: "it burnt" })) ids.push(await dies(name, line));
  await dies("f", "too slow", { outcome: "timeout" });
  /** Every moment matches, but is not counted: a scan. */
  const scanned = { from: new Date(0).toISOString() };
  const agree = async () => {
    for (const filter of [
      {},
      { outcome: ["timeout" as const] },
      { groupState: ["open" as const] },
      { groupState: ["ignored" as const, "resolved" as const] },
    ]) {
      expect(await countDeadLetters(ctx, filter).then(({ count }) => count)).toBe(
        await countDeadLetters(ctx, { ...filter, ...scanned }).then(({ count }) => count),
      );
    }
    const seen = async (filter: object) => (await groups(filter)).items.map(({ fingerprint, count, lastSeenAt }) => [fingerprint, count, lastSeenAt]);
    expect(await seen({})).toEqual(await seen(scanned));
  };
  const count = async () => (await countDeadLetters(ctx, {})).count;
  await agree();
  expect(await count()).toBe(6);
  const { items } = await groups();
  await resolveGroup(ctx, { fingerprint: items[0]?.fingerprint ?? "" });
  await agree();
  await retryRun(ctx, { id: ids[0] ?? "" });
  expect(await count()).toBe(5);
  await agree();
  const discard = await discardDeadLetters(ctx, { ids: [ids[1] ?? ""] });
  await workBulkOperation(ctx.database, ctx.queue, discard.id ?? "");
  await ctx.database.pool.query("DELETE FROM run WHERE id = $1", [ids[2]]);
  await agree();
  // More rows than are left alone, in groups that nobody remembers.
  await ctx.database.pool.query(
    "INSERT INTO dead_letter_count (fingerprint, outcome, language, count) SELECT 'gone', 'signal', 'bash', CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END FROM generate_series(1, 2000) AS i",
  );
  await Promise.all([foldCounts(ctx.database), foldCounts(ctx.database), dies("a", "it burnt", { id: ids[0] ?? "" }), foldCounts(ctx.database)]);
  const { rows } = await ctx.database.pool.query("SELECT FROM dead_letter_count");
  expect(rows.length).toBeLessThan(30);
  await agree();
});
