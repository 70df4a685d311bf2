import { afterAll, beforeAll, expect, test } from "vitest";

import { recoverAttempts } from "../runs/recover-attempts.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { listWorkers } from "./list-workers.ts";
import { loseWorkers } from "./lose-workers.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

test("a lost worker tells which runs it gave up, and where they stand now; others tell of none", async () => {
  const ended = await ctx.submit({ name: "ended before" });
  const [first] = await ctx.lease();
  if (first === undefined) throw new Error("Nothing was due.");
  await ctx.settle(first, "succeeded");
  const ids: string[] = [];
  for (let index = 0; index < 12; index += 1) ids.push(await ctx.submit({ name: `given up ${index}` }));
  expect(await ctx.lease(12)).toHaveLength(12);
  const other = await ctx.addWorker();
  await loseWorkers(ctx.database, [ctx.workerId]);
  await recoverAttempts(ctx.database, ctx.queue, { workerId: ctx.workerId });

  const { items } = await listWorkers(ctx);
  const lost = items.find(({ id }) => id === ctx.workerId);
  expect(lost).toMatchObject({ status: "lost", lost: { total: 12 } });
  expect(lost?.lost.runs).toHaveLength(10);
  expect(lost?.lost.runs.every(({ runId, status, attempt }) => ids.includes(runId) && status !== "running" && attempt === 1)).toBe(true);
  expect(lost?.lost.runs.some(({ runId }) => runId === ended)).toBe(false);
  expect(items.find(({ id }) => id === other)?.lost).toEqual({ total: 0, runs: [] });
});
