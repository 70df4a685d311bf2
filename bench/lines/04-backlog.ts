import { setTimeout as delay } from "node:timers/promises";

import type { ServiceContext } from "#server/context.ts";
import { pauseLane, resumeLane } from "#server/lanes/pause-lane.ts";
import { submitBatch } from "#server/runs/submit-batch.ts";

import { timeAtOnce } from "../at-once.ts";
import { BATCH_SLOTS } from "../ground.ts";
import type { Ground } from "../ground.ts";
import { openGraphile } from "../graphile.ts";
import { timeInTurns } from "../in-turns.ts";
import type { Line, Verdict } from "../line.ts";
import { defaultLimits, executeAlone } from "../scripts.ts";
import { EMPTY_SCRIPTS } from "../spawned.ts";

const RUNS = 2_000;
/** Backlogs that the sides work off in turns, of so many runs together: the machine's own speed changes within minutes. */
const BACKLOGS = 4;
const BACKLOG = RUNS / BACKLOGS;
const BATCH = 1_000;
const POLL_MS = 20;
const LEAST = { bash: 0.5, python: 0.7, node: 0.8 };
const LEAST_OF_GRAPHILE = 1;

/** Milliseconds in which a backlog that was there already was worked off. */
export async function drainBacklog(ctx: ServiceContext, { language, source }: { language: string; source: string }, runs: number): Promise<number> {
  await pauseLane(ctx, { lane: "batch" });
  for (let submitted = 0; submitted < runs; submitted += BATCH) {
    await submitBatch(ctx, { runs: Array.from({ length: Math.min(BATCH, runs - submitted) }, () => ({ name: "bench", language, source })) });
  }
  const began = performance.now();
  await resumeLane(ctx, { lane: "batch" });
  for (;;) {
    await delay(POLL_MS);
    const { rows } = await ctx.database.pool.query("SELECT FROM run WHERE status IN ('queued', 'running', 'retrying') LIMIT 1");
    if (rows.length === 0) return performance.now() - began;
  }
}

/** graphile-worker with a database of its own, which calls the same executor. */
async function openPeer(ground: Ground, ctx: ServiceContext, script: { language: string; source: string }) {
  const [executor, limits] = [await ground.executor(), await defaultLimits(ctx)];
  const graphile = await openGraphile(await ground.emptyDatabase(`graphile_backlog_${script.language}`));
  return {
    drain: () => graphile.drain(BACKLOG, BATCH_SLOTS, () => executeAlone(executor, { ...script, limits }, () => undefined)),
    close: graphile.close,
  };
}

const sum = (times: readonly number[]) => times.reduce((total, ms) => total + ms, 0);

export const backlogLine: Line = {
  number: 4,
  title: `backlogs of ${RUNS} runs in turns of ${BACKLOG}, all ${BATCH_SLOTS} batch slots`,
  peer: "bare spawns as many at once; graphile-worker with the same executor",
  measure: async (ground) => {
    const ctx = await (await ground.corral()).services();
    const verdicts: Verdict[] = [];
    for (const [language, { source, bare }] of Object.entries(EMPTY_SCRIPTS)) {
      const peer = await openPeer(ground, ctx, { language, source });
      const times = await timeInTurns(
        {
          bare: () => timeAtOnce(bare, { runs: BACKLOG, atOnce: BATCH_SLOTS }),
          graphile: peer.drain,
          corral: () => drainBacklog(ctx, { language, source }, BACKLOG),
        },
        { rounds: BACKLOGS, warmUp: 0 },
      );
      await peer.close();
      const [bareMs, graphileMs, corralMs] = [sum(times.bare), sum(times.graphile), sum(times.corral)];
      const said = (ms: number) => `${((RUNS / ms) * 1_000).toFixed(1)} a second`;
      verdicts.push(
        {
          what: `${language}, beside bare`,
          corral: said(corralMs),
          beside: said(bareMs),
          value: bareMs / corralMs,
          unit: "×",
          reach: { least: LEAST[language as keyof typeof LEAST] },
        },
        {
          what: `${language}, beside graphile-worker`,
          corral: said(corralMs),
          beside: said(graphileMs),
          value: graphileMs / corralMs,
          unit: "×",
          reach: { least: LEAST_OF_GRAPHILE },
        },
      );
    }
    return verdicts;
  },
};
