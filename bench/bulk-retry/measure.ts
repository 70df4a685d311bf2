import { startBulkOperation } from "#server/bulk-operations/start-bulk-operation.ts";
import { workBulkOperation } from "#server/bulk-operations/work-bulk-operation.ts";
import { SYSTEM_ACTOR } from "#server/context.ts";
import type { Database } from "#server/db/client.ts";
import { openQueue } from "#server/queue/queue.ts";

/** What came of several callers who retried the same dead letters by filter at once. */
export type BulkRetry = {
  deadLetters: number;
  /** From the first call until all are queued, milliseconds. */
  tookMs: number;
  /** Until the first caller had its answer: the selection was frozen by then. */
  acceptedMs: number;
  queuedAgain: number;
  /** Of them, how many were queued more than once. */
  twice: number;
  jobs: number;
  /** Over all operations. */
  results: Record<string, number>;
};

/** Retries every dead letter of a database from so many callers at once, with a worker that carries the operations out. */
export async function retryAll(database: Database, callers: number): Promise<BulkRetry> {
  const queue = await openQueue(database, "worker");
  const ctx = { database, queue, actor: SYSTEM_ACTOR };
  const count = async (from: string) => (await database.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${from}`)).rows[0]?.count ?? 0;
  try {
    const deadLetters = await count("run WHERE status = 'dead'");
    await queue.workBulkOperations((operationId) => workBulkOperation(database, queue, operationId));
    const began = performance.now();
    let acceptedMs = 0;
    await Promise.all(
      Array.from({ length: callers }, async () => {
        await startBulkOperation(ctx, "retry", { filter: {} });
        acceptedMs ||= performance.now() - began;
      }),
    );
    while ((await count("run WHERE status = 'dead'")) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const tookMs = performance.now() - began;
    // The operations that came second find nothing left, and say so of each.
    while ((await count("bulk_operation WHERE status <> 'finished'")) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    const { rows } = await database.pool.query<{ result: string; count: number }>("SELECT result::text, count(*)::int FROM bulk_item GROUP BY result");
    return {
      deadLetters,
      tookMs,
      acceptedMs,
      queuedAgain: await count("(SELECT run_id FROM requeue GROUP BY run_id) AS runs"),
      twice: await count("(SELECT run_id FROM requeue GROUP BY run_id HAVING count(*) > 1) AS runs"),
      jobs: await count("pgboss.job WHERE name = 'run.batch'"),
      results: Object.fromEntries(rows.map(({ result, count: times }) => [result, times])),
    };
  } finally {
    await queue.stop();
  }
}
