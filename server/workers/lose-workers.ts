import type { Database } from "../db/client.ts";
import type { SqlRunner } from "../db/sql-transaction.ts";
import { publish } from "../live/notices.ts";

/** A worker that has been silent for so long is lost. */
export const LOST_AFTER_MS = 10_000;

/**
 * Marks workers lost whose heartbeat is older than LOST_AFTER_MS by the database's clock, and returns their ids.
 * Only to be asked by a process that has itself reached the database throughout that time: after an outage every
 * heartbeat is old, and the living get their turn first.
 */
export async function loseSilentWorkers({ client, rows }: Database): Promise<string[]> {
  // Every worker asks once a second, for as long as it lives.
  const lost = await rows<{ id: string }>(
    `UPDATE worker SET status = 'lost'
     WHERE status IN ('active', 'draining') AND heartbeat_at < clock_timestamp() - make_interval(secs => $1)
     RETURNING id`,
    [LOST_AFTER_MS / 1000],
  );
  if (lost.length > 0) await publish(client, { kind: "worker" });
  return lost.map((worker) => worker.id);
}

/** Marks workers lost that are known to be dead: their host found their processes gone. */
export async function loseWorkers({ client }: Database, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.worker.updateMany({ where: { id: { in: ids }, status: { in: ["active", "draining"] } }, data: { status: "lost" } });
  await publish(client, { kind: "worker" });
}

/** Lost or stopped workers that still have running attempts: whoever was to recover them died half-way. */
export async function workersWithOrphans({ rows }: SqlRunner): Promise<string[]> {
  const orphaned = await rows<{ id: string }>(
    `SELECT id FROM worker WHERE status IN ('lost', 'stopped')
       AND EXISTS (SELECT FROM attempt WHERE worker_id = worker.id AND status = 'running')`,
  );
  return orphaned.map(({ id }) => id);
}
