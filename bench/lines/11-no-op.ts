import { submitBatch } from "#server/runs/submit-batch.ts";
import { executeNothing } from "#worker/execute-nothing.ts";

import { countDown } from "../count-down.ts";
import { createEngine } from "../engine.ts";
import type { Ground } from "../ground.ts";
import { openGraphile } from "../graphile.ts";
import { timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { median } from "../statistics.ts";

const RUNS = 2_000;
const BATCH = 1_000;
const CONCURRENCY = 10;
const LEAST = 0.8;

/** Each side in turns, so that both have the same machine. */
const ROUNDS = 5;

async function openCorral(ground: Ground) {
  const database = await ground.database("no_op");
  let counted = countDown(0);
  const engine = await createEngine({ database, executor: executeNothing, slots: CONCURRENCY, onEnded: () => counted.done() });
  return {
    /** Milliseconds from the start to the last one's end. */
    drain: async () => {
      for (let submitted = 0; submitted < RUNS; submitted += BATCH) {
        await submitBatch(engine.ctx, { runs: Array.from({ length: BATCH }, () => ({ name: "bench", language: "bash", source: "true" })) });
      }
      counted = countDown(RUNS);
      const began = performance.now();
      engine.start();
      await counted.all;
      const took = performance.now() - began;
      await engine.pause();
      const { rows } = await database.pool.query("SELECT FROM run WHERE status <> 'succeeded'");
      if (rows.length > 0) throw new Error(`${rows.length} runs that do nothing did not succeed.`);
      return took;
    },
    close: engine.stop,
  };
}

export const noOpLine: Line = {
  number: 11,
  title: `${RUNS} runs that do nothing, no sandbox, ${CONCURRENCY} at once`,
  peer: "graphile-worker, as many at once",
  measure: async (ground) => {
    const graphile = await openGraphile(await ground.emptyDatabase("graphile_no_op"));
    const corral = await openCorral(ground);
    const times = await timeInTurns(
      { graphile: () => graphile.drain(RUNS, CONCURRENCY, () => undefined), corral: corral.drain },
      { rounds: ROUNDS, warmUp: 1 },
    );
    await corral.close();
    await graphile.close();
    const aSecond = (took: readonly number[]) => `${Math.round((RUNS / median(took)) * 1_000)} a second`;
    return [
      {
        what: "runs a second",
        corral: aSecond(times.corral),
        beside: aSecond(times.graphile),
        value: median(times.graphile) / median(times.corral),
        unit: "×",
        reach: { least: LEAST },
      },
    ];
  },
};
