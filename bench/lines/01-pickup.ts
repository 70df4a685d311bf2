import { setTimeout as delay } from "node:timers/promises";

import type { ServiceContext } from "#server/context.ts";
import { submitRun } from "#server/runs/submit-run.ts";

import { BATCH_SLOTS } from "../ground.ts";
import type { Ground } from "../ground.ts";
import { openGraphile } from "../graphile.ts";
import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { defaultLimits, executeAlone } from "../scripts.ts";
import { median, quantile } from "../statistics.ts";

const ROUNDS = 300;
/** So that each finds its slot idle, and a sandbox parked. */
export const IDLE_MS = 100;
const POLL_MS = 10;
const MOST = 1.1;

/** Its first instruction tells the time, by the clock of the host. */
export const FIRST_INSTRUCTION = { language: "bash", source: "echo $EPOCHREALTIME" };
const now = () => performance.timeOrigin + performance.now();
const momentOf = (printed: string) => Number(printed.trim()) * 1_000;

/** Milliseconds from a submit until the script's first instruction. */
export async function pickup(ctx: ServiceContext): Promise<number> {
  const began = now();
  const { run } = await submitRun(ctx, { ...FIRST_INSTRUCTION, name: "bench", lane: "batch" });
  for (;;) {
    await delay(POLL_MS);
    const { rows } = await ctx.database.pool.query<{ status: string; text: string | null }>(
      `SELECT status::text, (SELECT convert_from(bytes, 'UTF8') FROM output_chunk JOIN attempt ON attempt.id = attempt_id WHERE run_id = run.id LIMIT 1) AS text
       FROM run WHERE id = $1 AND finished_at IS NOT NULL`,
      [run.id],
    );
    const [row] = rows;
    if (row === undefined) continue;
    if (row.status !== "succeeded" || row.text === null) throw new Error(`A script that tells the time is ${row.status}.`);
    return momentOf(row.text) - began;
  }
}

async function startPeer(ground: Ground, ctx: ServiceContext) {
  const [executor, limits] = [await ground.executor(), await defaultLimits(ctx)];
  const graphile = await openGraphile(await ground.emptyDatabase("graphile_pickup"));
  const heard: ((printed: string) => void)[] = [];
  const script = async () => {
    let printed = "";
    await executeAlone(executor, { ...FIRST_INSTRUCTION, limits }, (bytes) => {
      printed += bytes.toString();
    });
    heard.shift()?.(printed);
  };
  const runner = await graphile.start({ script }, BATCH_SLOTS);
  return {
    pickup: async () => {
      const printed = new Promise<string>((resolve) => heard.push(resolve));
      const began = now();
      await graphile.add("script", {});
      return momentOf(await printed) - began;
    },
    stop: async () => {
      await runner.stop();
      await graphile.close();
    },
  };
}

export const pickupLine: Line = {
  number: 1,
  title: `${ROUNDS} submits to idle slots, submit → the script's first instruction`,
  peer: "graphile-worker with the same executor",
  measure: async (ground) => {
    const ctx = await (await ground.corral()).services();
    const peer = await startPeer(ground, ctx);
    const times = await timeInTurns({ graphile: peer.pickup, corral: () => pickup(ctx) }, { rounds: ROUNDS, idleMs: IDLE_MS });
    await peer.stop();
    const [ours, theirs] = [quantile(times.corral, 0.95), quantile(times.graphile, 0.95)];
    return [
      {
        what: "p50",
        corral: inMs(times.corral),
        beside: inMs(times.graphile),
        value: median(times.corral) / median(times.graphile),
        unit: "×",
        reach: { most: MOST },
      },
      { what: "p95", corral: `${ours.toFixed(1)} ms`, beside: `${theirs.toFixed(1)} ms`, value: ours / theirs, unit: "×", reach: { most: MOST } },
    ];
  },
};
