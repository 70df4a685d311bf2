import { submitBatch } from "#server/runs/submit-batch.ts";
import { executeNothing } from "#worker/execute-nothing.ts";

import { countDown } from "../count-down.ts";
import { createEngine } from "../engine.ts";
import type { Ground } from "../ground.ts";
import { openGraphile } from "../graphile.ts";
import type { Line } from "../line.ts";

const RUNS = 2_000;
const BATCH = 1_000;
const CONCURRENCY = 10;
const LEAST = 0.8;

async function drainCorral(ground: Ground): Promise<number> {
  const { all, done } = countDown(RUNS);
  const database = await ground.database("no_op");
  const engine = await createEngine({ database, executor: executeNothing, slots: CONCURRENCY, onEnded: done });
  for (let submitted = 0; submitted < RUNS; submitted += BATCH) {
    await submitBatch(engine.ctx, { runs: Array.from({ length: BATCH }, () => ({ name: "bench", language: "bash", source: "true" })) });
  }
  const began = performance.now();
  engine.start();
  await all;
  const took = performance.now() - began;
  const { rows } = await database.pool.query("SELECT FROM run WHERE status <> 'succeeded'");
  if (rows.length > 0) throw new Error(`${rows.length} runs that do nothing did not succeed.`);
  await engine.stop();
  return took;
}

async function drainGraphile(ground: Ground): Promise<number> {
  const graphile = await openGraphile(await ground.emptyDatabase("graphile_no_op"));
  const took = await graphile.drain(RUNS, CONCURRENCY, () => undefined);
  await graphile.close();
  return took;
}

export const noOpLine: Line = {
  number: 11,
  title: `${RUNS} runs that do nothing, no sandbox, ${CONCURRENCY} at once`,
  peer: "graphile-worker, as many at once",
  measure: async (ground) => {
    const [graphileMs, corralMs] = [await drainGraphile(ground), await drainCorral(ground)];
    const said = (ms: number) => `${Math.round((RUNS / ms) * 1_000)} a second`;
    return [{ what: "runs a second", corral: said(corralMs), beside: said(graphileMs), value: graphileMs / corralMs, unit: "×", reach: { least: LEAST } }];
  },
};
