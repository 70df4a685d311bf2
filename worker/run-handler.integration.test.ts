import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { readUsage } from "#server/runs/read-usage.ts";
import { readSettings } from "#server/settings/read-settings.ts";
import { createTestContext } from "#server/testing.ts";
import type { TestContext } from "#server/testing.ts";

import { createActiveAttempts } from "./active-attempts.ts";
import { executeNothing } from "./execute-nothing.ts";
import type { Executor } from "./executor/types.ts";
import { openJournal } from "./journal.ts";
import { handleLease } from "./run-handler.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-handler-"));
let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => {
  await ctx.close();
  rmSync(directory, { recursive: true });
});

/** What must not happen: an executor that breaks its word and rejects. */
const broken: Executor = { ...executeNothing, execute: () => Promise.reject(new Error("The pipe to the reporter is gone.")) };

test("an attempt that breaks off by a fault of its worker's is ended as such, and does not run for ever", async () => {
  const runId = await ctx.submit({ retry: { maxRetries: 0 } });
  const [lease] = await ctx.lease();
  assert.equal(lease?.runId, runId);
  const { values } = await readSettings(ctx.database);
  const active = createActiveAttempts();
  const options = { ...ctx, executor: broken, journal: await openJournal(directory), active, settings: () => values };
  const settled = await handleLease(options, lease);
  expect(settled.accepted).toBe(true);
  expect(active.count()).toBe(0);
  const attempt = await ctx.database.client.attempt.findUniqueOrThrow({ where: { id: lease.attemptId } });
  expect(attempt).toMatchObject({
    status: "finished",
    outcome: "internal_error",
    message: "Its worker failed before its result was known. The pipe to the reporter is gone.",
  });
  expect(await ctx.database.client.run.findUniqueOrThrow({ where: { id: runId } })).not.toMatchObject({ status: "running" });
});

/** An executor whose script was over before its first sample was due. */
const sampled = (atMs: number): Executor => ({
  ...executeNothing,
  execute: async (spec, handlers) => {
    handlers.onUsage?.({ atMs, memoryBytes: 4_096, cpuMs: 3, throttledMs: 0, pids: 2 });
    return executeNothing.execute(spec, handlers);
  },
});

test.each([
  ["is stored with its run's end", 12, [{ atMs: 12, memoryBytes: 4_096, cpuMs: 3, throttledMs: 0, pids: 2 }]],
  ["that the database refuses is left out, and does not keep the result", 2 ** 40, []],
])("a sample %s", async (_what, atMs, stored) => {
  const runId = await ctx.submit();
  const [lease] = await ctx.lease();
  assert.equal(lease?.runId, runId);
  const { values } = await readSettings(ctx.database);
  const options = { ...ctx, executor: sampled(atMs), journal: await openJournal(directory), active: createActiveAttempts(), settings: () => values };
  expect(await handleLease(options, lease)).toMatchObject({ accepted: true });
  expect(await ctx.database.client.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({ status: "succeeded" });
  expect((await readUsage(ctx, { id: runId })).samples).toEqual(stored);
});
