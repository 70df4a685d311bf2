import type { Database } from "#server/db/client.ts";
import { openQueue } from "#server/queue/queue.ts";

import { retryAll } from "../bulk-retry/measure.ts";
import type { Line } from "../line.ts";
import { fill } from "../ten-million/fill.ts";

/** 3 % of them are dead letters. */
const RUNS = 333_400;
const LEAST = 0.3;

/** The same rows in one statement, which holds up everybody else until it is done. Returns how long it took, milliseconds. */
async function retryByHand(database: Database): Promise<number> {
  const queue = await openQueue(database, "web");
  await queue.stop();
  const began = performance.now();
  await database.pool.query(`
    WITH operation AS (
      INSERT INTO bulk_operation (id, kind, status, selection, as_of, total, created_by)
      VALUES (gen_random_uuid(), 'retry', 'finished', '{}', now(), 0, 'bench') RETURNING id
    ), moved AS (
      UPDATE run SET status = 'queued', job_id = gen_random_uuid(), finished_at = NULL, fingerprint = NULL, charged_failures = 0
      WHERE status = 'dead' RETURNING id, job_id, language, limits, attempt_count
    ), noted AS (
      INSERT INTO requeue (id, run_id, by, after_attempt) SELECT gen_random_uuid(), id, 'bench', attempt_count FROM moved
    ), listed AS (
      INSERT INTO bulk_item (operation_id, run_id, result) SELECT operation.id, moved.id, 'succeeded' FROM moved, operation
    )
    INSERT INTO pgboss.job (id, name, data)
    SELECT job_id, 'run.batch', jsonb_build_object('runId', id, 'language', language, 'memoryBytes', limits->'memoryBytes', 'cpuMillis', limits->'cpuMillis')
    FROM moved`);
  return performance.now() - began;
}

export const bulkRetryLine: Line = {
  number: 9,
  title: "10,002 dead letters retried by filter",
  peer: "one SQL statement doing the same writes",
  measure: async (ground) => {
    const [ours, byHand] = [await ground.database("bulk"), await ground.database("bulk_by_hand")];
    for (const database of [ours, byHand]) await fill(database.pool, RUNS);
    const { tookMs, deadLetters, queuedAgain } = await retryAll(ours, 1);
    if (queuedAgain !== deadLetters) throw new Error(`${queuedAgain} of ${deadLetters} were queued again.`);
    const handMs = await retryByHand(byHand);
    const said = (ms: number) => `${Math.round(ms)} ms, ${Math.round((deadLetters / ms) * 1_000)} a second`;
    return [{ what: "a second", corral: said(tookMs), beside: said(handMs), value: handMs / tookMs, unit: "×", reach: { least: LEAST } }];
  },
};
