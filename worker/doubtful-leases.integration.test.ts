import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { leaseRuns } from "#server/runs/lease-runs.ts";
import { createTestContext } from "#server/testing.ts";
import type { TestContext } from "#server/testing.ts";
import { ANYTHING } from "#server/workers/test-worker.ts";

import { startDoubtfulLeases } from "./doubtful-leases.ts";
import type { DoubtfulLeases } from "./doubtful-leases.ts";

let ctx: TestContext;
let doubtful: DoubtfulLeases;
beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(() => {
  doubtful = startDoubtfulLeases(ctx.database, ctx.queue);
  return doubtful.stop;
});
afterAll(() => ctx.close());

const LOST = new Error("Connection terminated: the database did not answer.");
const lease = (leaseToken: string) =>
  leaseRuns(ctx.database, ctx.queue, { ...ANYTHING, leaseToken, lane: "batch", count: 1, workerId: ctx.workerId, enforced: true });
const show = (id: string) => ctx.database.client.run.findUniqueOrThrow({ where: { id }, include: { attempts: true } });
const statusOf = async (id: string) => (await show(id)).status;

const HANDED_BACK = { status: "retrying", chargedFailures: 0, workerCrashes: 0, interruptions: 1, attempts: [{ status: "finished", outcome: "worker_lost" }] };

test("a run whose lease was committed and never answered is given back, uncharged, and as no crash", async () => {
  const id = await ctx.submit({ retry: { maxRetries: 0 } });
  const taking = doubtful.take(async (token) => {
    await lease(token);
    throw LOST;
  });
  await expect(taking).rejects.toBe(LOST);
  expect(await statusOf(id)).toBe("running");
  await expect.poll(() => statusOf(id), { timeout: 5_000 }).toBe("retrying");
  expect(await show(id)).toMatchObject(HANDED_BACK);
  // It runs again as any other.
  const [again] = await doubtful.take(lease);
  expect(again).toMatchObject({ runId: id, attempt: 2 });
});

test("a commit that comes after the first look is found by a later one", async () => {
  const id = await ctx.submit();
  let token = "";
  await expect(
    doubtful.take((given) => {
      token = given;
      return Promise.reject(LOST);
    }),
  ).rejects.toBe(LOST);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await statusOf(id)).toBe("queued");
  await lease(token);
  await expect.poll(() => statusOf(id), { timeout: 5_000 }).toBe("retrying");
  expect(await show(id)).toMatchObject(HANDED_BACK);
});

test("what was answered is left alone", async () => {
  const id = await ctx.submit({ priority: 100 });
  const [taken] = await doubtful.take(lease);
  expect(taken).toMatchObject({ runId: id });
  await expect(doubtful.take(() => Promise.reject(LOST))).rejects.toBe(LOST);
  await doubtful.stop();
  expect(await statusOf(id)).toBe("running");
});
