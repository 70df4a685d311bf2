import { randomUUID } from "node:crypto";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { listRuns } from "./list-runs.ts";
import { cancelRuns, retryRuns } from "./many-runs.ts";

let ctx: TestContext;
beforeEach(async () => {
  ctx = await createTestContext();
});
afterEach(() => ctx.close());

const statusOf = async (id: string) => (await ctx.database.client.run.findUniqueOrThrow({ where: { id } })).status;

test("cancelling many ends those that are open, and says where each of the others stands", async () => {
  const ended = await ctx.submit({ name: "ended" });
  for (const lease of await ctx.lease()) await ctx.settle(lease, "succeeded");
  const dead = await ctx.deadLetter({ name: "dead" });
  const runs = await ctx.submit();
  await ctx.lease();
  const waits = await ctx.submit();
  const nobody = randomUUID();

  const { done, skipped } = await cancelRuns(ctx, [waits, ended, dead, runs, nobody, "no-id", waits]);
  expect(done.toSorted()).toEqual([waits, runs].toSorted());
  expect(skipped.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
    [
      { id: ended, name: "ended", status: "succeeded" },
      { id: dead, name: "dead", status: "dead" },
      { id: nobody, name: null, status: null },
      { id: "no-id", name: null, status: null },
    ].toSorted((a, b) => a.id.localeCompare(b.id)),
  );
  expect(await statusOf(waits)).toBe("cancelled");
  expect((await ctx.database.client.run.findUniqueOrThrow({ where: { id: runs } })).cancelRequestedAt).not.toBeNull();
});

test("retrying many queues what failed for good and brings forward what waits for its next attempt", async () => {
  const dead = await ctx.deadLetter();
  const failed = await ctx.deadLetter({ deadLetter: false });
  const retrying = await ctx.submit({ retry: { maxRetries: 3, delayMs: 3_600_000, maxDelayMs: 3_600_000, jitter: false } });
  for (const lease of await ctx.lease()) await ctx.settle(lease, "exit_nonzero");
  const queued = await ctx.submit({ name: "queued" });

  const { done, skipped } = await retryRuns(ctx, [dead, failed, retrying, queued]);
  expect(done.toSorted()).toEqual([dead, failed, retrying].toSorted());
  expect(skipped).toEqual([{ id: queued, name: "queued", status: "queued" }]);
  expect([await statusOf(dead), await statusOf(failed), await statusOf(retrying)]).toEqual(["queued", "queued", "retrying"]);
  const { nextAttemptAt } = await ctx.database.client.run.findUniqueOrThrow({ where: { id: retrying } });
  expect(nextAttemptAt?.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
});

test("a list is paged from either end", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.push(await ctx.submit({ name: `run ${index}`, tags: ["all"] }));
  const newest = await listRuns(ctx, { limit: 3 });
  expect(newest.items.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3));
  for (const filter of [{}, { tag: ["all"] }]) {
    const oldest = await listRuns(ctx, { ...filter, limit: 3, sort: "oldest" });
    expect(oldest.items.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const rest = await listRuns(ctx, { ...filter, limit: 3, sort: "oldest", cursor: oldest.nextCursor ?? "" });
    expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([ids.slice(3), null]);
  }
});
