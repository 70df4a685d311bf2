import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { ListRuns } from "#server/contracts/runs.ts";
import type { GroupState, ListGroups } from "#server/contracts/dead-letters.ts";
import { HISTOGRAM_RANGES } from "#server/contracts/overview.ts";
import { countDeadLetters } from "#server/dead-letters/count-dead-letters.ts";
import { listDeadLetters } from "#server/dead-letters/list-dead-letters.ts";
import { listGroups } from "#server/dead-letters/list-groups.ts";
import { previewLimits } from "#server/dead-letters/preview-limits.ts";
import { getOverview } from "#server/overview/get-overview.ts";
import { readHistogram } from "#server/overview/read-histogram.ts";
import { countRuns } from "#server/runs/count-runs.ts";
import { listRuns } from "#server/runs/list-runs.ts";
import { createTestContext } from "#server/testing.ts";
import type { TestContext } from "#server/testing.ts";
import { fill } from "./fill.ts";

/** More than a page's walk back from the newest, so that what is rare is found by its index. */
const RUNS = 60_000;
/** What a page may read of the table, rows: a walk of 5,000 and what it shows; a whole scan is RUNS. */
const READ_MAX = 12_000;
/** What a chart may: only what is open. */
const OPEN_READ_MAX = 200;

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
  await fill(ctx.database.pool, RUNS);
}, 60_000);
afterAll(() => ctx.close());

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const first = async <T extends Record<string, unknown>>(sql: string) => (await ctx.database.pool.query<T>(sql)).rows[0];

const FILTERS: [string, Omit<ListRuns, "limit">, string][] = [
  ["nothing", {}, "TRUE"],
  ["two statuses", { status: ["failed", "discarded"] }, "status IN ('failed', 'discarded')"],
  ["status and outcome", { status: ["dead"], outcome: ["timeout"] }, "status = 'dead' AND outcome = 'timeout'"],
  ["a rare language", { language: ["lua"] }, "language = 'lua'"],
  ["a frequent tag", { tag: ["nightly"] }, "'nightly' = ANY(tags)"],
  ["two tags", { tag: ["nightly", "team:5"] }, "'nightly' = ANY(tags) AND 'team:5' = ANY(tags)"],
  ["a rare name", { q: "Stock 123" }, "name ILIKE '%stock 123%'"],
  ["a sign that means something to LIKE", { q: "_mport" }, "name LIKE '%\\_mport%'"],
  ["a rare name of one status", { q: "stock 123", status: ["dead"] }, "name ILIKE '%stock 123%' AND status = 'dead'"],
  ["one day", { from: ago(45), to: ago(44) }, `created_at >= '${ago(45)}' AND created_at < '${ago(44)}'`],
];

/** Rows of the tables that hold runs that the work read. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await ctx.database.pool.query("SELECT pg_stat_force_next_flush()");
    const row = await first<{ read: string }>(
      "SELECT sum(seq_tup_read + idx_tup_fetch) AS read FROM pg_stat_user_tables WHERE relname IN ('run', 'run_content', 'attempt')",
    );
    return Number(row?.read);
  };
  // Each connection of the pool reports for itself, and at once only when it is told to.
  const flush = () => Promise.all(Array.from({ length: 8 }, () => ctx.database.pool.query("SELECT pg_stat_force_next_flush(), pg_sleep(0.02)")));
  await flush();
  const before = await read();
  await work();
  await flush();
  return (await read()) - before;
}

test("what is read is seen: a scan of the table reads all of it", async () => {
  expect(await rowsRead(() => ctx.database.client.run.count({ where: { message: { contains: "nothing" } } }))).toBeGreaterThanOrEqual(RUNS);
});

describe("a filter", () => {
  test.each(FILTERS)("by %s finds page by page what a plain scan finds", async (_name, filter, condition) => {
    const expected = (await ctx.database.pool.query<{ id: string }>(`SELECT id FROM run WHERE ${condition} ORDER BY id DESC LIMIT 450`)).rows.map(
      ({ id }) => id,
    );
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(ctx, { ...filter, limit: 150, ...(cursor === null ? {} : { cursor }) });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < 450);
    expect(found.slice(0, 450)).toEqual(expected);
  });

  test.each(FILTERS)("by %s reads a part of the table for its first page, not all of it", async (_name, filter) => {
    await listRuns(ctx, { ...filter, limit: 50 });
    expect(await rowsRead(() => listRuns(ctx, { ...filter, limit: 50 }))).toBeLessThan(READ_MAX);
  });
});

test.each(FILTERS)("oldest first, a filter by %s finds what a plain scan finds, and reads no more", async (_name, filter, condition) => {
  const expected = (await ctx.database.pool.query<{ id: string }>(`SELECT id FROM run WHERE ${condition} ORDER BY id LIMIT 100`)).rows.map(({ id }) => id);
  const first = await listRuns(ctx, { ...filter, limit: 50, sort: "oldest" });
  const next = first.nextCursor === null ? null : await listRuns(ctx, { ...filter, limit: 50, sort: "oldest", cursor: first.nextCursor });
  expect([...first.items, ...(next?.items ?? [])].map(({ id }) => id)).toEqual(expected);
  expect(await rowsRead(() => listRuns(ctx, { ...filter, limit: 50, sort: "oldest" }))).toBeLessThan(READ_MAX);
});

test("the Overview reads no more, and counts what is there", async () => {
  expect(await rowsRead(() => getOverview(ctx))).toBeLessThan(READ_MAX);
  // Its counts are stretches of indexes; of the rows themselves only those are looked at that may have no outcome yet.
  for (const range of HISTOGRAM_RANGES) expect(await rowsRead(() => readHistogram(ctx, { range }))).toBeLessThan(OPEN_READ_MAX);
  const { bars } = await readHistogram(ctx, { range: "7d" });
  const { from = "" } = bars[0] ?? {};
  const row = await first<{ count: string }>(`SELECT count(*) FROM run WHERE created_at >= '${from}'`);
  const counted = bars.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
  // An id says its moment to the millisecond, the row's moment may lie within that.
  expect(Math.abs(counted - Number(row?.count))).toBeLessThanOrEqual(1);
  const { lastDay, groups } = await getOverview(ctx);
  const day = await first<{ count: string }>("SELECT count(*) FROM run WHERE created_at >= now() - interval '1 day' AND status = 'succeeded'");
  expect(Math.abs(lastDay.succeeded - Number(day?.count))).toBeLessThanOrEqual(1);
  expect(groups).toHaveLength(5);
});

test("the first page of dead letters, and their groups, read no more", async () => {
  expect(await rowsRead(() => listDeadLetters(ctx, { limit: 50 }))).toBeLessThan(READ_MAX);
  expect(await rowsRead(() => listGroups(ctx, { limit: 50 }))).toBeLessThan(READ_MAX);
  for (const groupState of [["open"], ["ignored", "resolved"]] satisfies GroupState[][]) {
    expect(await rowsRead(() => listDeadLetters(ctx, { limit: 50, groupState }))).toBeLessThan(READ_MAX);
    expect(await rowsRead(() => countDeadLetters(ctx, { groupState }))).toBeLessThan(READ_MAX);
  }
  expect(await rowsRead(() => previewLimits(ctx, { filter: {}, limitFactors: { memoryBytes: 2 } }))).toBeLessThan(READ_MAX);
  expect((await listGroups(ctx, { limit: 200 })).items.reduce((sum, { count }) => sum + count, 0)).toBe((RUNS * 3) / 100);
});

test.each<[string, Omit<ListGroups, "limit">, string]>([
  ["nothing", {}, "TRUE"],
  ["a language", { language: ["python"] }, "language = 'python'"],
  ["an outcome", { outcome: ["timeout", "signal"] }, "outcome IN ('timeout', 'signal')"],
  ["a frequent tag", { tag: ["nightly"] }, "'nightly' = ANY(tags)"],
  ["a frequent tag in a language", { tag: ["nightly"], language: ["bash"] }, "'nightly' = ANY(tags) AND language = 'bash'"],
  ["a rare tag", { tag: ["rare"] }, "'rare' = ANY(tags)"],
  ["a frequent word", { q: "Import" }, "name ILIKE '%import%'"],
  ["a rare name", { q: "stock 123" }, "name ILIKE '%stock 123%'"],
  ["a sign that means something to LIKE", { q: "_mport" }, "name LIKE '%\\_mport%'"],
  ["one day", { from: ago(45), to: ago(44) }, `created_at >= '${ago(45)}' AND created_at < '${ago(44)}'`],
  ["a group", { group: ["group7"] }, "fingerprint = 'group7'"],
])("groups and counts of dead letters by %s are those of a plain scan", async (_name, filter, condition) => {
  const { rows: expected } = await ctx.database.pool.query<{ fingerprint: string; count: number; last: Date }>(
    `SELECT fingerprint, count(*)::int AS count, max(finished_at) AS last FROM run WHERE status = 'dead' AND ${condition} GROUP BY 1 ORDER BY 3 DESC, 1`,
  );
  const found: Awaited<ReturnType<typeof listGroups>>["items"] = [];
  for (let cursor: string | null = "0"; cursor !== null;) {
    const page: Awaited<ReturnType<typeof listGroups>> = await listGroups(ctx, { ...filter, limit: 90, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(found.map(({ fingerprint, count, lastSeenAt }) => [fingerprint, count, lastSeenAt])).toEqual(
    expected.map(({ fingerprint, count, last }) => [fingerprint, count, last.toISOString()]),
  );
  expect((await countDeadLetters(ctx, filter)).count).toBe(expected.reduce((sum, { count }) => sum + count, 0));
});

test("counts are true as far as they go, and say how far", async () => {
  const counts = await countRuns(ctx, {});
  expect(counts).toMatchObject({ complete: { status: true }, status: { succeeded: 10_000, dead: (RUNS * 3) / 100, queued: 0 }, language: { bash: 10_000 } });
  const tagged = await countRuns(ctx, { tag: ["team:5"], status: ["dead"] });
  const row = await first<{ count: string }>("SELECT count(*) FROM run WHERE 'team:5' = ANY(tags) AND status = 'dead'");
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
  expect([sum(tagged.outcome), tagged.complete]).toEqual([Number(row?.count), { status: false, outcome: true, language: true }]);
  const frequent = await countRuns(ctx, { tag: ["nightly"] });
  expect([frequent.complete.status, sum(frequent.status)]).toEqual([false, 501]);
  const rare = await countRuns(ctx, { q: "stock 123" });
  const all = await first<{ count: string }>("SELECT count(*) FROM run WHERE name ILIKE '%stock 123%'");
  expect([rare.complete.status, sum(rare.status)]).toEqual([true, Number(all?.count)]);
});
