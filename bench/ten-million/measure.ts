import { randomUUID } from "node:crypto";

import { SYSTEM_ACTOR } from "#server/context.ts";
import type { ServiceContext } from "#server/context.ts";
import type { Database } from "#server/db/client.ts";
import { countDeadLetters } from "#server/dead-letters/count-dead-letters.ts";
import { listDeadLetters } from "#server/dead-letters/list-dead-letters.ts";
import { listGroups } from "#server/dead-letters/list-groups.ts";
import { previewLimits } from "#server/dead-letters/preview-limits.ts";
import { openQueue } from "#server/queue/queue.ts";
import { getOverview } from "#server/overview/get-overview.ts";
import { readHistogram } from "#server/overview/read-histogram.ts";
import { countRuns } from "#server/runs/count-runs.ts";
import { leaseRuns } from "#server/runs/lease-runs.ts";
import { listRuns } from "#server/runs/list-runs.ts";
import { settleAttempt } from "#server/runs/settle-attempt.ts";
import { submitRun } from "#server/runs/submit-run.ts";
import { ANYTHING, registerTestWorker } from "#server/workers/test-worker.ts";

const ROUNDS = 40;
const PAGE_P95_MS = 100;
const DEED_P95_MS = 1_000;
const CLAIM_RATIO = 1.3;
const CLAIMS = 300;
const DAY_MS = 86_400_000;

const quantile = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Times pages on the full database, and claims on both. Returns whether any fell short. */
export async function measure(full: Database, empty: Database): Promise<boolean> {
  const [fullCtx, emptyCtx] = await Promise.all([contextOf(full), contextOf(empty)]);
  const pages = await measurePages(fullCtx);
  const claims = await measureClaims(fullCtx, emptyCtx);
  return pages || claims;
}

async function contextOf(database: Database): Promise<ServiceContext & { workerId: string }> {
  return { database, queue: await openQueue(database, "worker"), actor: SYSTEM_ACTOR, workerId: await registerTestWorker(database) };
}

async function measurePages(ctx: ServiceContext): Promise<boolean> {
  const limit = 50;
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
  const middle = (await ctx.database.client.run.findFirst({ where: { createdAt: { gte: ago(45), lt: ago(44) } }, select: { id: true } }))?.id ?? "";
  const pages: [string, () => Promise<unknown>][] = [
    ["runs", () => listRuns(ctx, { limit })],
    ["runs, from the middle", () => listRuns(ctx, { limit, cursor: middle })],
    ["runs, failed or dead", () => listRuns(ctx, { limit, status: ["failed", "dead"] })],
    ["runs, discarded", () => listRuns(ctx, { limit, status: ["discarded"] })],
    ["runs, queued or running", () => listRuns(ctx, { limit, status: ["queued", "running"] })],
    ["runs, out of memory", () => listRuns(ctx, { limit, outcome: ["out_of_memory"] })],
    ["runs, disk limit or signal", () => listRuns(ctx, { limit, outcome: ["disk_limit", "signal"] })],
    ["runs, a rare language", () => listRuns(ctx, { limit, language: ["lua"] })],
    ["runs, succeeded in python", () => listRuns(ctx, { limit, status: ["succeeded"], language: ["python"] })],
    ["runs, a frequent tag", () => listRuns(ctx, { limit, tag: ["nightly"] })],
    ["runs, a rare tag", () => listRuns(ctx, { limit, tag: ["rare"] })],
    ["runs, two tags", () => listRuns(ctx, { limit, tag: ["nightly", "team:5"] })],
    ["runs, a frequent word", () => listRuns(ctx, { limit, q: "import" })],
    ["runs, a rare name", () => listRuns(ctx, { limit, q: "invoices 12348" })],
    ["runs, a name that none has", () => listRuns(ctx, { limit, q: "frobnicate" })],
    ["runs, dead with a rare name", () => listRuns(ctx, { limit, status: ["dead"], q: "stock 1234" })],
    ["runs, of one day", () => listRuns(ctx, { limit, from: ago(45), to: ago(44) })],
    ["runs, out of memory on one day", () => listRuns(ctx, { limit, outcome: ["out_of_memory"], from: ago(45), to: ago(44) })],
    ["runs, oldest first", () => listRuns(ctx, { limit, sort: "oldest" })],
    ["runs, oldest with a rare name", () => listRuns(ctx, { limit, sort: "oldest", q: "stock 12348" })],
    ["overview", () => getOverview(ctx)],
    ["overview, an hour by outcome", () => readHistogram(ctx, { range: "1h" })],
    ["overview, a day by outcome", () => readHistogram(ctx, { range: "24h" })],
    ["overview, a week by outcome", () => readHistogram(ctx, { range: "7d" })],
    ["counts of runs", () => countRuns(ctx, {})],
    ["counts, failed or dead", () => countRuns(ctx, { status: ["failed", "dead"] })],
    ["counts, a frequent tag", () => countRuns(ctx, { tag: ["nightly"] })],
    ["counts, a frequent word", () => countRuns(ctx, { q: "import" })],
    ["counts, of one day", () => countRuns(ctx, { from: ago(45), to: ago(44) })],
    ["dead letters", () => listDeadLetters(ctx, { limit })],
    ["dead letters of open groups", () => listDeadLetters(ctx, { limit, groupState: ["open"] })],
    ["dead letters, timeout", () => listDeadLetters(ctx, { limit, outcome: ["timeout"] })],
    ["dead letters of a group", () => listDeadLetters(ctx, { limit, group: ["group17"] })],
    ["dead letters, a frequent tag", () => listDeadLetters(ctx, { limit, tag: ["nightly"] })],
    ["dead letters, a rare name", () => listDeadLetters(ctx, { limit, q: "stock 1234" })],
    ["count of dead letters", () => countDeadLetters(ctx, {})],
    ["count, of open groups", () => countDeadLetters(ctx, { groupState: ["open"] })],
    ["count, a frequent tag", () => countDeadLetters(ctx, { tag: ["nightly"] })],
    ["groups of dead letters", () => listGroups(ctx, { limit })],
    ["groups, open", () => listGroups(ctx, { limit, state: ["open"] })],
    ["groups, timeout", () => listGroups(ctx, { limit, outcome: ["timeout"] })],
    ["groups, of one day", () => listGroups(ctx, { limit, from: ago(45), to: ago(44) })],
    ["groups, a frequent tag", () => listGroups(ctx, { limit, tag: ["nightly"] })],
    ["groups, of a tag and a language", () => listGroups(ctx, { limit, tag: ["nightly"], language: ["python"] })],
    ["groups, a frequent word", () => listGroups(ctx, { limit, q: "import" })],
    ["groups, a rare name", () => listGroups(ctx, { limit, q: "stock 1234" })],
    ["groups, in python", () => listGroups(ctx, { limit, language: ["python"] })],
  ];
  const deeds: [string, () => Promise<unknown>][] = [
    ["raised limits, before and after", () => previewLimits(ctx, { filter: {}, limitFactors: { memoryBytes: 2 } })],
  ];
  const inPages = await measureEach("pages at the server", pages, PAGE_P95_MS);
  const inDeeds = await measureEach("what is worked out over all dead letters", deeds, DEED_P95_MS);
  return inPages || inDeeds;
}

async function measureEach(title: string, reads: [string, () => Promise<unknown>][], atMostMs: number): Promise<boolean> {
  let fellShort = false;
  console.log(`\n${title}, p95 to reach ≤ ${atMostMs} ms`);
  for (const [what, read] of reads) {
    const times: number[] = [];
    await timed(read);
    for (let round = 0; round < ROUNDS && (round < 5 || times.reduce((sum, time) => sum + time, 0) < 5_000); round += 1) times.push(await timed(read));
    times.sort((a, b) => a - b);
    const p95 = quantile(times, 0.95);
    const short = p95 > atMostMs;
    fellShort ||= short;
    console.log(
      `  ${what.padEnd(34)} p50 ${quantile(times, 0.5).toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms${short ? "   FELL SHORT" : ""}`,
    );
  }
  return fellShort;
}

/** Submit, claim and settle of one run after the other, in turns on either database. */
async function measureClaims(full: ServiceContext & { workerId: string }, empty: ServiceContext & { workerId: string }): Promise<boolean> {
  const times = { full: [] as number[], empty: [] as number[] };
  const claim = async (ctx: ServiceContext & { workerId: string }) => {
    await submitRun(ctx, { language: "bash", source: "true", lane: "batch" });
    const began = performance.now();
    const [lease] = await leaseRuns(ctx.database, ctx.queue, {
      ...ANYTHING,
      leaseToken: randomUUID(),
      lane: "batch",
      count: 1,
      workerId: ctx.workerId,
      enforced: true,
    });
    const took = performance.now() - began;
    if (lease === undefined) throw new Error("Nothing was due.");
    const end = { outcome: "succeeded", message: "It ended.", exitCode: 0, signal: null, finishedAt: new Date() } as const;
    await settleAttempt(ctx.database, ctx.queue, lease.runId, { attemptId: lease.attemptId, leaseToken: lease.leaseToken, interruption: null, end });
    return took;
  };
  for (let round = -20; round < CLAIMS; round += 1) {
    const [inFull, inEmpty] = [await claim(full), await claim(empty)];
    if (round < 0) continue;
    times.full.push(inFull);
    times.empty.push(inEmpty);
  }
  await full.queue.stop();
  await empty.queue.stop();
  const [slow, quick] = [times.full, times.empty].map((list) => list.toSorted((a, b) => a - b)) as [number[], number[]];
  const ratio = quantile(slow, 0.5) / quantile(quick, 0.5);
  const short = ratio > CLAIM_RATIO;
  console.log(
    `\nclaim: p50 ${quantile(slow, 0.5).toFixed(2)} ms beside them, ${quantile(quick, 0.5).toFixed(2)} ms beside none: ${short ? "FELL SHORT" : "reached"}, ${ratio.toFixed(2)} ×, to reach ≤ ${CLAIM_RATIO} ×`,
  );
  return short;
}
