import type { RunStatus } from "../contracts/statuses.ts";
import type { Db } from "../db/client.ts";
import type { LostAttempts } from "./to-worker.ts";

/** Of each worker so many are named. */
const NAMED = 10;

type Row = { workerId: string; runId: string; name: string; attempt: number; status: RunStatus; total: number };

/** What each of these workers ran when it ended, by its id; those that gave nothing up are left out. */
export async function readLostAttempts(db: Db, workerIds: string[]): Promise<Map<string, LostAttempts>> {
  if (workerIds.length === 0) return new Map();
  const rows = await db.$queryRaw<Row[]>`
    SELECT worker.id::text AS "workerId", lost.* FROM unnest(${workerIds}::uuid[]) AS worker(id)
    CROSS JOIN LATERAL (
      SELECT attempt.run_id::text AS "runId", run.name, attempt.number AS attempt, run.status::text AS status, (count(*) OVER ())::int AS total
      FROM attempt JOIN run ON run.id = attempt.run_id
      WHERE attempt.worker_id = worker.id AND attempt.status = 'finished' AND attempt.outcome = 'worker_lost'
      ORDER BY attempt.finished_at DESC LIMIT ${NAMED}
    ) AS lost`;
  const byWorker = new Map<string, LostAttempts>();
  for (const { workerId, total, ...run } of rows) byWorker.set(workerId, { total, runs: [...(byWorker.get(workerId)?.runs ?? []), run] });
  return byWorker;
}
