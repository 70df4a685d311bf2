import { afterEach, beforeEach, expect, test } from "vitest";

import { readUsage } from "#server/runs/read-usage.ts";
import { createTestContext } from "#server/testing.ts";
import type { TestContext } from "#server/testing.ts";

import { createUsageWriter } from "./usage-writer.ts";

let ctx: TestContext;
beforeEach(async () => {
  ctx = await createTestContext();
});
afterEach(() => ctx.close());

/** Samples of so many seconds, four a second, with one peak. */
async function sampled(seconds: number, peakAtMs: number) {
  await ctx.submit();
  const [lease] = await ctx.lease();
  if (lease === undefined) throw new Error("Nothing was leased.");
  const writer = createUsageWriter(ctx.database, lease);
  for (let atMs = 250; atMs <= seconds * 1000; atMs += 250) {
    writer.write({ atMs, memoryBytes: atMs === peakAtMs ? 5_000_000 : 1_000_000, cpuMs: atMs / 2, throttledMs: 0, pids: 1 });
  }
  await writer.finish();
  return (await readUsage(ctx, { id: lease.runId })).samples;
}

test("an attempt of a minute keeps all of them", async () => {
  expect(await sampled(60, 0)).toHaveLength(240);
});

test("one of a day keeps its first minute, and a few hundred of the rest, evenly and with its peaks", { timeout: 30_000 }, async () => {
  const samples = await sampled(24 * 3600, 30_000_250);
  const [first, rest] = [samples.filter(({ atMs }) => atMs < 60_000), samples.filter(({ atMs }) => atMs >= 60_000)];
  expect(first).toHaveLength(239);
  expect(rest.length).toBeGreaterThan(100);
  expect(samples.length).toBeLessThan(500);
  const gaps = rest.slice(1).map(({ atMs }, index) => atMs - (rest[index]?.atMs ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(24 * 3_600_000 * 0.02);
  expect(rest.at(-1)?.atMs).toBeGreaterThan(24 * 3_600_000 * 0.98);
});
