import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ConflictError, NotFoundError } from "../errors.ts";
import { getRun } from "../runs/get-run.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { drainWorker, mayTakeRuns, resumeWorker } from "./drain-worker.ts";
import { noteWorkerStatus } from "./register-worker.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

test("a drained worker takes nothing, runs say so, and asking twice changes nothing", async () => {
  const id = ctx.workerId;
  expect(await mayTakeRuns(ctx, id)).toBe(true);
  for (let time = 0; time < 2; time += 1) expect(await drainWorker(ctx, { id })).toMatchObject({ id, status: "draining" });
  expect(await mayTakeRuns(ctx, id)).toBe(false);
  const run = await ctx.submit();
  expect((await getRun(ctx, { id: run, include: [] })).waitingReason).toMatch(/^No worker takes runs/);
  for (let time = 0; time < 2; time += 1) expect(await resumeWorker(ctx, { id })).toMatchObject({ id, status: "active" });
  expect(await mayTakeRuns(ctx, id)).toBe(true);
  expect((await getRun(ctx, { id: run, include: [] })).waitingReason).toMatch(/^Is next/);
});

test("one that has ended stays ended, and one that never was is not found", async () => {
  const id = await ctx.addWorker();
  await noteWorkerStatus(ctx.database, id, "stopped");
  await expect(drainWorker(ctx, { id })).rejects.toBeInstanceOf(ConflictError);
  await expect(resumeWorker(ctx, { id })).rejects.toThrow("This worker is stopped; only one that lives can be drained or resumed.");
  for (const unknown of [randomUUID(), "no-id"]) await expect(drainWorker(ctx, { id: unknown })).rejects.toBeInstanceOf(NotFoundError);
  expect(await mayTakeRuns(ctx, randomUUID())).toBeNull();
});
