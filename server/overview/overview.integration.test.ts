import { afterEach, beforeEach, expect, test } from "vitest";

import { cancelRun } from "../runs/cancel-run.ts";
import { retryRun } from "../runs/retry-run.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { getOverview } from "./get-overview.ts";
import { readHistogram } from "./read-histogram.ts";

let ctx: TestContext;
beforeEach(async () => {
  ctx = await createTestContext();
});
afterEach(() => ctx.close());

test("a new install says so, and has nothing to tell", async () => {
  expect(await getOverview(ctx)).toEqual({
    isNew: true,
    queued: 0,
    running: 0,
    retrying: 0,
    oldestQueued: null,
    lastDay: { ended: 0, succeeded: 0, complete: true },
    deadArrived: 0,
    groups: [],
  });
});

test("it counts what waits and runs, the share that succeeded without cancelled runs, and groups what died", async () => {
  await ctx.submit({ name: "ends well" });
  for (const lease of await ctx.lease()) await ctx.settle(lease, "succeeded");
  await ctx.deadLetter({ name: "import" });
  await ctx.deadLetter({ name: "import" });
  await ctx.deadLetter({ name: "other" });
  await ctx.submit({ name: "runs" });
  await ctx.lease();
  await cancelRun(ctx, { id: await ctx.submit() });
  const waiting = await ctx.submit({ name: "waits longest" });
  await ctx.submit();

  const overview = await getOverview(ctx);
  expect(overview).toMatchObject({
    isNew: false,
    queued: 2,
    running: 1,
    oldestQueued: { id: waiting, name: "waits longest" },
    lastDay: { ended: 4, succeeded: 1, complete: true },
    deadArrived: 3,
  });
  expect(overview.groups.map(({ count, arrived }) => [count, arrived])).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

test("one that was queued again waits since then, not since it was made", async () => {
  const dead = await ctx.deadLetter({ name: "old" });
  const fresh = await ctx.submit({ name: "fresh" });
  await retryRun(ctx, { id: dead });
  expect((await getOverview(ctx)).oldestQueued).toMatchObject({ id: fresh });
  await cancelRun(ctx, { id: fresh });
  const { oldestQueued } = await getOverview(ctx);
  const requeue = await ctx.database.client.requeue.findFirstOrThrow({ where: { runId: dead } });
  expect(oldestQueued).toMatchObject({ id: dead, since: requeue.at.toISOString() });
});

test("a group that a person resolved is not at the top, and still counts among what died", async () => {
  await ctx.deadLetter({ name: "import" });
  await ctx.database.client.deadLetterGroup.updateMany({ data: { state: "resolved" } });
  expect(await getOverview(ctx)).toMatchObject({ groups: [], deadArrived: 1 });
});

test.each(["1h", "24h", "7d"] as const)("the histogram of %s has each run once, in the bar of its moment", async (range) => {
  await ctx.deadLetter();
  await ctx.submit();
  for (const lease of await ctx.lease()) await ctx.settle(lease, "succeeded");
  const open = await ctx.submit();
  const { createdAt } = await ctx.database.client.run.findUniqueOrThrow({ where: { id: open } });

  const { bars } = await readHistogram(ctx, { range });
  for (const [index, bar] of bars.entries()) if (index > 0) expect(bar.from).toBe(bars[index - 1]?.to);
  const filled = bars.filter(({ counts }) => Object.keys(counts).length > 0);
  const sum: Record<string, number> = {};
  for (const { counts } of filled) for (const [outcome, count] of Object.entries(counts)) sum[outcome] = (sum[outcome] ?? 0) + count;
  expect(sum).toEqual({ exit_nonzero: 1, succeeded: 1, open: 1 });
  const own = filled.find(({ counts }) => counts.open !== undefined);
  expect(createdAt.getTime()).toBeGreaterThanOrEqual(Date.parse(own?.from ?? ""));
  expect(createdAt.getTime()).toBeLessThan(Date.parse(own?.to ?? ""));
});
