import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { getBulkOperation } from "../bulk-operations/get-bulk-operation.ts";
import { listBulkOperations } from "../bulk-operations/list-bulk-operations.ts";
import { listBulkRuns } from "../bulk-operations/list-bulk-runs.ts";
import { workBulkOperation } from "../bulk-operations/work-bulk-operation.ts";
import { retryDeadLettersSchema } from "../contracts/dead-letters.ts";
import { LimitExceededError } from "../errors.ts";
import { getRun } from "../runs/get-run.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { countDeadLetters } from "./count-dead-letters.ts";
import { exportDeadLetters } from "./export-dead-letters.ts";
import { EXPORTS } from "./format-export.ts";
import { listDeadLetters } from "./list-dead-letters.ts";
import { listGroups } from "./list-groups.ts";
import { previewLimits } from "./preview-limits.ts";
import { retryDeadLetters } from "./retry-dead-letters.ts";
import { ignoreGroup, resolveGroup } from "./steer-group.ts";

const MIB = 1024 ** 2;
let ctx: TestContext;

beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run, bulk_operation, dead_letter_group CASCADE;");
});
afterAll(() => ctx.close());

const ended = async (operation: { id: string | null }) => {
  await workBulkOperation(ctx.database, ctx.queue, operation.id ?? "");
  return getBulkOperation(ctx, { id: operation.id ?? "" });
};
const memory = (id: string) => getRun(ctx, { id, include: [] }).then(({ limits }) => limits.memoryBytes);

test("whole groups and single runs beside them are one selection, told without its ids", async () => {
  const a = [await ctx.deadLetter({ name: "alpha" }), await ctx.deadLetter({ name: "alpha" })] as const;
  const b = [await ctx.deadLetter({ name: "beta" }), await ctx.deadLetter({ name: "beta" })] as const;
  const { items } = await listGroups(ctx, { limit: 10 });
  const alpha = items.find(({ scripts }) => scripts[0] === "alpha")?.fingerprint ?? "";
  const { asOf } = await countDeadLetters(ctx, {});
  const late = await ctx.deadLetter({ name: "alpha" });
  const selection = { filter: { group: [alpha] }, excludeIds: [a[1]], includeIds: [b[0], "no id"], asOf };
  expect(await retryDeadLetters(ctx, { ...selection, dryRun: true })).toMatchObject({ total: 2, id: null });
  const operation = await ended(await retryDeadLetters(ctx, selection));
  expect(operation).toMatchObject({
    total: 2,
    succeeded: 2,
    createdBy: "Corral",
    limits: null,
    selection: { named: 0, filter: { group: [alpha] }, excluded: 1, excludedGroups: 0, included: 2 },
  });
  const left = (await listDeadLetters(ctx, { limit: 10 })).items.map(({ id }) => id);
  expect(left).toEqual([late, b[1], a[1]]);
  const rest = await retryDeadLetters(ctx, { filter: {}, excludeGroups: [alpha], includeIds: [late] });
  expect(await ended(rest)).toMatchObject({ total: 2, succeeded: 2, selection: { excludedGroups: 1 } });
  expect((await listDeadLetters(ctx, { limit: 10 })).items.map(({ id }) => id)).toEqual([a[1]]);
});

test("dead letters are found and counted by what was said of their groups", async () => {
  const open = await ctx.deadLetter({ name: "open" });
  const ignored = await ctx.deadLetter({ name: "ignored" });
  const resolved = await ctx.deadLetter({ name: "resolved" });
  const print = async (script: string) => (await listGroups(ctx, { limit: 10 })).items.find(({ scripts }) => scripts[0] === script)?.fingerprint ?? "";
  await ignoreGroup(ctx, { fingerprint: await print("ignored"), until: new Date(Date.now() + 60_000).toISOString() });
  await resolveGroup(ctx, { fingerprint: await print("resolved") });
  const of = async (...groupState: ("open" | "ignored" | "resolved")[]) => (await listDeadLetters(ctx, { groupState, limit: 10 })).items.map(({ id }) => id);
  expect([await of("open"), await of("ignored"), await of("resolved"), await of("open", "resolved")]).toEqual([
    [open],
    [ignored],
    [resolved],
    [resolved, open],
  ]);
  expect(await countDeadLetters(ctx, { groupState: ["ignored"] })).toMatchObject({ count: 1 });
  await ctx.database.pool.query("UPDATE dead_letter_group SET ignored_until = now() - interval '1 s' WHERE state = 'ignored'");
  expect([await of("open"), await of("ignored")]).toEqual([[ignored, open], []]);
  // One that is in no group is open.
  await ctx.database.pool.query("UPDATE run SET fingerprint = NULL WHERE id = $1", [resolved]);
  expect(await of("open")).toEqual([resolved, ignored, open]);
});

test("limits are multiplied for each run, up to the maximum, as the preview said", async () => {
  const maximum = 1024 * MIB;
  await ctx.database.pool.query("UPDATE settings_version SET values = jsonb_set(values, '{limits,memoryBytes}', $1)", [
    JSON.stringify({ default: 256 * MIB, maximum }),
  ]);
  const small = await ctx.deadLetter({ limits: { memoryBytes: 64 * MIB, pidsMax: 32 } });
  const large = await ctx.deadLetter({ limits: { memoryBytes: 800 * MIB, pidsMax: 64 } });
  const preview = await previewLimits(ctx, { filter: {}, limitFactors: { memoryBytes: 2 }, limits: { pidsMax: 48 } });
  expect(preview.total).toBe(2);
  const of = (name: string) => preview.limits.find((limit) => limit.name === name);
  expect(of("memoryBytes")).toMatchObject({
    before: { min: 64 * MIB, max: 800 * MIB },
    after: { min: 128 * MIB, max: maximum },
    clamped: 1,
    lowered: 0,
  });
  expect(of("pidsMax")).toMatchObject({ before: { min: 32, max: 64 }, after: { min: 48, max: 48 }, clamped: 0, lowered: 1 });
  expect(of("timeoutMs")).toMatchObject({ clamped: 0, lowered: 0 });
  await expect(previewLimits(ctx, { filter: {}, limits: { memoryBytes: 2 * maximum } })).rejects.toBeInstanceOf(LimitExceededError);
  expect(await previewLimits(ctx, { filter: { language: ["node"] } })).toMatchObject({ total: 0, limits: [] });

  const operation = await ended(await retryDeadLetters(ctx, { filter: {}, limitFactors: { memoryBytes: 2 } }));
  expect(operation).toMatchObject({ succeeded: 2, failed: 0, limitFactors: { memoryBytes: 2 } });
  expect([await memory(small), await memory(large)]).toEqual([128 * MIB, maximum]);
  expect((await getRun(ctx, { id: large, include: [] })).requeues).toMatchObject([{ limits: { memoryBytes: maximum }, operationId: operation.id }]);
});

test("a run whose own limit is above a new maximum is refused alone, and the others go on", async () => {
  const fine = await ctx.deadLetter({ limits: { pidsMax: 32 } });
  const tooMuch = await ctx.deadLetter({ limits: { pidsMax: 3_000 } });
  const { rows } = await ctx.database.pool.query<{ values: unknown }>("SELECT values FROM settings_version");
  await ctx.database.pool.query("UPDATE settings_version SET values = jsonb_set(values, '{limits,pidsMax,maximum}', '2000')");
  try {
    const operation = await ended(await retryDeadLetters(ctx, { filter: {}, limits: { timeoutMs: 5_000 } }));
    expect(operation).toMatchObject({ succeeded: 1, failed: 1 });
    const { items } = await listBulkRuns(ctx, { id: operation.id ?? "", limit: 10 });
    expect(items).toMatchObject([
      { runId: fine, result: "succeeded", run: { name: expect.any(String) as string, status: "queued" } },
      { runId: tooMuch, result: "failed", reason: expect.stringContaining("pidsMax 3000") as string, run: { status: "dead" } },
    ]);
    const by = async (result: "failed" | "skipped" | "waiting") =>
      (await listBulkRuns(ctx, { id: operation.id ?? "", result, limit: 10 })).items.map(({ runId }) => runId);
    expect([await by("failed"), await by("skipped"), await by("waiting")]).toEqual([[tooMuch], [], []]);
  } finally {
    await ctx.database.pool.query("UPDATE settings_version SET values = $1", [JSON.stringify(rows[0]?.values)]);
  }
});

test("a limit can't be set and multiplied at once", () => {
  const result = retryDeadLettersSchema.safeParse({ filter: {}, limits: { memoryBytes: MIB }, limitFactors: { memoryBytes: 2 } });
  expect(result.error?.issues).toMatchObject([{ path: ["limitFactors", "memoryBytes"], message: "give either limits.memoryBytes or this, not both" }]);
});

test("operations are listed the latest first, page by page", async () => {
  const ids: (string | null)[] = [];
  for (let index = 0; index < 3; index += 1) {
    await ctx.deadLetter();
    ids.unshift((await retryDeadLetters(ctx, { filter: {} })).id);
  }
  const first = await listBulkOperations(ctx, { limit: 2 });
  const second = await listBulkOperations(ctx, { limit: 2, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
  expect([first.items[0]?.total, first.items[0]?.done, second.nextCursor]).toEqual([3, 0, null]);
});

test("an export holds what is selected, whole, and no formula", async () => {
  const ids = [await ctx.deadLetter({ name: '=1+1, "quoted"', tags: ["x", "y"] }), await ctx.deadLetter({ name: "plain" }), await ctx.deadLetter()];
  const batches: Awaited<ReturnType<typeof listDeadLetters>>["items"][] = [];
  for await (const batch of exportDeadLetters(ctx, { filter: {}, excludeIds: [ids[2] ?? ""] })) batches.push(batch);
  const runs = batches.flat();
  expect(runs.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  const text = (format: keyof typeof EXPORTS) => {
    const { head, batch, tail } = EXPORTS[format];
    return head + batch(runs.slice(0, 1), true) + batch(runs.slice(1), false) + tail;
  };
  expect((JSON.parse(text("json")) as { id: string }[]).map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  expect(
    text("ndjson")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: string }).id),
  ).toEqual([ids[1], ids[0]]);
  const csv = text("csv").split("\r\n");
  expect(csv[0]?.startsWith("id,name,language,outcome")).toBe(true);
  expect(csv[2]).toContain(`,"'=1+1, ""quoted""",bash,exit_nonzero,`);
  expect(csv[2]).toContain(",x y,");
});
