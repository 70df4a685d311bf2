import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { SubmitRun } from "../contracts/runs.ts";
import { LimitExceededError } from "../errors.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { getRun } from "./get-run.ts";
import { newIds } from "./new-ids.ts";
import { listRuns } from "./list-runs.ts";
import { firstIdAt } from "./run-filter.ts";
import { submitBatch } from "./submit-batch.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE;");
});
afterAll(() => ctx.close());

const count = async (sql: string) => Number((await ctx.database.pool.query<{ count: string }>(sql)).rows[0]?.count);

test("a thousand runs are accepted in their order, each with its script and its job", async () => {
  const runs = Array.from({ length: 1_000 }, (_, index) => ({
    name: `run ${index}`,
    language: "bash",
    source: `echo ${index}`,
    env: { N: String(index) },
    priority: index % 3,
  }));
  const { items } = await submitBatch(ctx, { runs });
  expect(items.map(({ name }) => name)).toEqual(runs.map(({ name }) => name));
  expect(items[7]).toMatchObject({ status: "queued", lane: "batch", attempts: [], waitingReason: "Is next: waits for its turn." });
  expect(await getRun(ctx, { id: items[998]?.id ?? "", include: ["source"] })).toMatchObject({ source: "echo 998", env: { N: "998" } });
  expect(await count("SELECT count(*) FROM pgboss.job")).toBe(1_000);
  // A worker is given a hundred at once at most.
  const leases = [...(await ctx.lease(400)), ...(await ctx.lease(100)), ...(await ctx.lease(100)), ...(await ctx.lease(100))];
  const leased = leases.map(({ name }) => Number(name.slice(4)) % 3);
  expect([2, 1, 0].map((priority) => leased.filter((one) => one === priority).length)).toEqual([333, 67, 0]);
});

test("one that is refused refuses all, and every refused field is named by its place", async () => {
  const good = { language: "bash", source: "true" };
  await expect(submitBatch(ctx, { runs: [good, { ...good, limits: { pidsMax: 1_000_000 } }, { ...good, language: "pyhton" }] })).rejects.toMatchObject({
    code: "invalid_input",
    fields: [{ path: "runs.1.limits.pidsMax" }, { path: "runs.2.language", message: expect.stringContaining("did you mean python?") as string }],
  });
  const tooHigh = submitBatch(ctx, { runs: [good, { ...good, retry: { maxRetries: 99 } }] });
  await expect(tooHigh).rejects.toBeInstanceOf(LimitExceededError);
  await expect(tooHigh).rejects.toMatchObject({ fields: [{ path: "runs.1.retry.maxRetries" }] });
  expect((await listRuns(ctx, { limit: 10 })).items).toEqual([]);
  expect(await count("SELECT count(*) FROM pgboss.job")).toBe(0);
});

test("a delivery that can't be written leaves nothing behind", async () => {
  const queue = { ...ctx.queue, enqueue: () => Promise.reject(new Error("no queue")) };
  await expect(submitBatch({ ...ctx, queue }, { runs: [{ language: "bash", source: "true" }] })).rejects.toThrow("no queue");
  expect((await listRuns(ctx, { limit: 10 })).items).toEqual([]);
});

test("a run of a batch is what the same body is when it is submitted alone", async () => {
  const body: SubmitRun = {
    name: "all of it: ü \u{1f410} \\ \" ' {} \n",
    language: "python",
    source: "print('\u{1f410}')\n\\x",
    args: ["", "--one", "a b", "{,}", '"', "\\"],
    env: { PLAIN: "a=b", QUOTED: '"\\' },
    stdin: "line\n",
    limits: { memoryBytes: 64 * 1024 ** 2, timeoutMs: 1_500 },
    retry: { maxRetries: 2, finalExitCodes: [3] },
    tags: ["nightly", "team:5", "nightly"],
    priority: -7,
    deadLetter: false,
  };
  const [alone, batched] = [await ctx.submit(body), (await submitBatch(ctx, { runs: [body] })).items[0]];
  const read = async (id: string) => {
    const { id: _id, jobId, createdAt, content, ...run } = await ctx.database.client.run.findUniqueOrThrow({ where: { id }, include: { content: true } });
    const { runId: _runId, ...rest } = content ?? { runId: null };
    return { ...run, content: rest, hasJob: jobId !== null, isNew: Date.now() - createdAt.getTime() < 60_000 };
  };
  expect(await read(batched?.id ?? "")).toEqual(await read(alone));
  const shown = await getRun(ctx, { id: batched?.id ?? "", include: [] });
  expect(batched).toEqual(shown);
});

test("each run of a batch has its own policy, script and delivery, whatever it shares with others", async () => {
  const bodies = Array.from({ length: 7 }, (_, index): SubmitRun => ({
    name: `run ${index}`,
    language: ["bash", "python"][index % 2] ?? "",
    source: `echo ${index}`,
    ...(index % 3 === 0 ? {} : { limits: { memoryBytes: (index % 3) * 64 * 1024 ** 2 } }),
    ...(index < 4 ? {} : { retry: { maxRetries: 1 } }),
    tags: [`worker:${index}`],
    priority: index,
  }));
  const { items } = await submitBatch(ctx, { runs: bodies });
  const alone = await Promise.all(bodies.map((body) => ctx.submit(body)));
  const read = (ids: string[]) =>
    ctx.database.rows<{ limits: unknown; retry: unknown }>(
      `SELECT run.name, language, limits, retry, run.tags, run.priority, source, job.data - 'runId' AS data, job.priority AS "jobPriority"
      FROM run JOIN run_content ON run_id = run.id JOIN pgboss.job ON job.id = job_id AND data->>'runId' = run.id::text WHERE run.id = ANY($1) ORDER BY run.name`,
      [ids],
    );
  const stored = await read(items.map(({ id }) => id));
  expect(stored).toHaveLength(bodies.length);
  expect(stored).toEqual(await read(alone));
  expect(items.map(({ limits, retry }) => ({ limits, retry }))).toEqual(stored.map(({ limits, retry }) => ({ limits, retry })));
});

test("ids of a batch rise in its order, are well formed, and tell its moment", () => {
  const now = Date.UTC(2026, 0, 1);
  const ids = newIds(10_000, now);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect((ids[0] ?? "") > firstIdAt(now) && (ids.at(-1) ?? "") < firstIdAt(now + 3)).toBe(true);
});
