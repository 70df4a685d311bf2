import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

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
