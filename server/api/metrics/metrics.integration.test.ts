import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { workBulkOperation } from "../../bulk-operations/work-bulk-operation.ts";
import { startBulkOperation } from "../../bulk-operations/start-bulk-operation.ts";
import type { Lane, Outcome } from "../../contracts/statuses.ts";
import { LANES, OUTCOMES, RUN_STATUSES } from "../../contracts/statuses.ts";
import { purge } from "../../retention/purge.ts";
import { cancelRun } from "../../runs/cancel-run.ts";
import type { Lease } from "../../runs/lease-runs.ts";
import { submitBatch } from "../../runs/submit-batch.ts";
import { foldTally } from "../../tally/fold-tally.ts";
import { readTally } from "../../tally/read-tally.ts";
import { createRestApp } from "../rest/app.ts";
import { createApiTestContext } from "../testing.ts";
import type { ApiTestContext } from "../testing.ts";
import { handleMetrics } from "./handler.ts";

let ctx: ApiTestContext;
beforeAll(async () => {
  ctx = await createApiTestContext();
});
afterAll(() => ctx.close());

const ask = (token: string | null) =>
  handleMetrics(new Request("http://localhost/metrics", { headers: token === null ? {} : { authorization: `Bearer ${token}` } }));

/** Every sample by its name and labels: `corral_runs_open{lane="batch",status="queued"}`. */
async function scrape(): Promise<Map<string, number>> {
  const response = await ask(ctx.tokens.viewer);
  const text = await response.text();
  expect([response.status, response.status === 200 ? "" : text]).toEqual([200, ""]);
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

const sum = (samples: Map<string, number>, name: string, labels = "") =>
  [...samples].reduce((total, [key, value]) => ((key === name || key.startsWith(`${name}{`)) && key.includes(labels) ? total + value : total), 0);

test("it is for who has a token, in Prometheus's format", async () => {
  expect((await ask(null)).status).toBe(401);
  expect((await ask("corral_not-a-token-that-exists")).status).toBe(401);
  const response = await ask(ctx.tokens.viewer);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  const text = await response.text();
  const names = text.split("\n").flatMap((line) => (line.startsWith("# TYPE ") ? [line.split(" ")[2]] : []));
  expect([...new Set(names)]).toEqual(names);
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
    expect(line).toMatch(/^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="[^"]*",?)*\})? (-?[\d.e+-]+|nan|[+-]inf)$/i);
  }
});

describe("a mixed load of a thousand runs", () => {
  /** What the test itself did: the metrics have to say the same. */
  const did = {
    submitted: { batch: 0, interactive: 0 } as Record<Lane, number>,
    outcomes: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
    cancelledWaiting: 0,
    requeued: 0,
  };
  const ENDINGS: Outcome[] = [
    "succeeded",
    "succeeded",
    "succeeded",
    "exit_nonzero",
    "timeout",
    "out_of_memory",
    "signal",
    "disk_limit",
    "worker_lost",
    "internal_error",
  ];
  const isConserved = (samples: Map<string, number>) =>
    expect(sum(samples, "corral_runs_open") + sum(samples, "corral_runs_ended")).toBe(sum(samples, "corral_runs_submitted_total"));

  async function settle(lease: Lease, outcome: Outcome) {
    await ctx.settle(lease, outcome, outcome === "worker_lost" ? "crash" : null);
    did.outcomes[outcome] += 1;
  }

  /** Leases and settles until nothing is due, four at a time. */
  async function work() {
    let turn = 0;
    await Promise.all(
      [0, 1, 2, 3].map(async (slot) => {
        for (;;) {
          const leases = await ctx.lease(5, slot === 0 ? "interactive" : "batch");
          if (leases.length === 0) return;
          for (const lease of leases) await settle(lease, ENDINGS[turn++ % ENDINGS.length] ?? "succeeded");
        }
      }),
    );
  }

  test("adds up, in every moment and to the last run", { timeout: 240_000 }, async () => {
    const retry = { maxRetries: 1, delayMs: 0, maxDelayMs: 0 };
    for (let batch = 0; batch < 8; batch += 1) {
      const runs = Array.from({ length: 110 }, (_, index) => ({ language: "bash", source: "true", retry, deadLetter: index % 5 !== 0 }));
      await submitBatch(ctx, { runs });
      did.submitted.batch += runs.length;
    }
    for (let index = 0; index < 120; index += 1) {
      const lane = index % 2 === 0 ? "interactive" : "batch";
      if (index >= 100 && lane === "interactive") continue;
      await ctx.submit({ lane, retry, priority: index });
      did.submitted[lane] += 1;
    }
    const waiting = await ctx.database.client.run.findMany({ where: { status: "queued" }, take: 20, select: { id: true } });
    for (const { id } of waiting) await cancelRun(ctx, { id });
    did.cancelledWaiting = waiting.length;

    // Scraped while it goes on: no moment in which a run is counted twice or not at all.
    let isOver = false;
    let scrapes = 0;
    const scraping = (async () => {
      while (!isOver) {
        isConserved(await scrape());
        scrapes += 1;
      }
    })();
    await work();
    const dead = await ctx.database.client.run.findMany({ where: { status: "dead" }, select: { id: true } });
    const retried = await startBulkOperation(ctx, "retry", { ids: dead.slice(0, 60).map(({ id }) => id) });
    const discarded = await startBulkOperation(ctx, "discard", { ids: dead.slice(60, 90).map(({ id }) => id) });
    await workBulkOperation(ctx.database, ctx.queue, retried.id ?? "");
    await workBulkOperation(ctx.database, ctx.queue, discarded.id ?? "");
    did.requeued = 60;
    await work();
    const more = Array.from({ length: 10 }, () => ({ language: "bash", source: "true" }));
    await submitBatch(ctx, { runs: more });
    did.submitted.batch += more.length;
    const running = await ctx.lease(3);
    isOver = true;
    await scraping;
    expect(scrapes).toBeGreaterThan(3);

    const samples = await scrape();
    isConserved(samples);
    const submitted = did.submitted.batch + did.submitted.interactive;
    expect(submitted).toBeGreaterThanOrEqual(1_000);
    for (const lane of LANES) expect(sum(samples, "corral_runs_submitted_total", `lane="${lane}"`)).toBe(did.submitted[lane]);
    for (const outcome of OUTCOMES)
      expect([outcome, sum(samples, "corral_attempts_finished_total", `outcome="${outcome}"`)]).toEqual([outcome, did.outcomes[outcome]]);
    const finished = Object.values(did.outcomes).reduce((total, count) => total + count, 0);
    expect(sum(samples, "corral_attempts_started_total")).toBe(finished + running.length);
    expect(sum(samples, "corral_attempts_running")).toBe(running.length);
    expect(sum(samples, "corral_runs_requeued_total")).toBe(did.requeued);

    // The tables agree, status by status and lane by lane.
    const counted = await ctx.database.client.run.groupBy({ by: ["lane", "status"], _count: true });
    for (const lane of LANES) {
      for (const status of RUN_STATUSES) {
        const inTable = counted.find((row) => row.lane === lane && row.status === status)?._count ?? 0;
        const told =
          sum(samples, "corral_runs_open", `lane="${lane}",status="${status}"`) + sum(samples, "corral_runs_ended", `lane="${lane}",status="${status}"`);
        expect([lane, status, told]).toEqual([lane, status, inTable]);
      }
    }
    expect(sum(samples, "corral_runs_ended", 'status="discarded"')).toBe(30);
    expect(sum(samples, "corral_runs_ended", 'status="cancelled"')).toBe(did.cancelledWaiting + did.outcomes.cancelled);
    // Every run that was ever started is in the histogram, once; its buckets rise to its count.
    const started = await ctx.database.client.run.count({ where: { startedAt: { not: null } } });
    expect(sum(samples, "corral_run_start_seconds_count")).toBe(started);
    expect(sum(samples, "corral_run_start_seconds_bucket", 'le="+Inf"')).toBe(started);
    expect(sum(samples, "corral_run_start_seconds_sum")).toBeGreaterThan(0);
    expect(sum(samples, "corral_queue_oldest_seconds", 'lane="batch"')).toBeGreaterThan(0);
    expect(sum(samples, "corral_slots", 'lane="batch"')).toBe(4);
    expect(sum(samples, "corral_slots_used", 'lane="batch"')).toBe(3);
  });

  test("what retention removed stays counted", async () => {
    const before = await scrape();
    await ctx.database.pool.query("UPDATE run SET finished_at = now() - interval '400 days', id = id WHERE status = 'succeeded'");
    // Purging reads ids as moments, and these were made today.
    await ctx.database.pool.query(`UPDATE run SET id = ('00000000-0000-7000-8000-' || right(id::text, 12))::uuid WHERE status = 'succeeded'`);
    const { runs } = await purge(ctx.database, { runsDays: 30, deadLettersDays: 90, outputDays: 90 }, new Date());
    expect(runs).toBeGreaterThan(100);
    const after = await scrape();
    isConserved(after);
    expect(sum(after, "corral_runs_removed_total", 'status="succeeded"')).toBe(runs);
    expect(sum(after, "corral_runs_ended")).toBe(sum(before, "corral_runs_ended"));
  });

  test("folding changes no sum, whoever else folds or writes", async () => {
    const before = await readTally(ctx.database.client);
    await Promise.all([foldTally(ctx.database), foldTally(ctx.database), foldTally(ctx.database)]);
    expect(await readTally(ctx.database.client)).toEqual(before);
    expect(await ctx.database.client.tally.count()).toBeLessThanOrEqual(1_000);
  });
});

test("a process counts what it answers by route, not by address", async () => {
  const app = createRestApp();
  const get = (path: string) => app.request(`http://localhost/api/v1${path}`, { headers: { authorization: `Bearer ${ctx.tokens.viewer}` } });
  await get("/runs/0190a000-0000-7000-8000-000000000000");
  await get("/runs/nonsense");
  await get("/nowhere");
  const samples = await scrape();
  expect(samples.get('corral_http_requests_total{method="GET",route="/api/v1/runs/{id}",status="404"}')).toBe(2);
  expect(samples.get('corral_http_requests_total{method="GET",route="unmatched",status="404"}')).toBe(1);
  expect([...samples.keys()].join("\n")).not.toContain("nonsense");
});
