import type { Database } from "../db/client.ts";
import { publish } from "../live/notices.ts";

/** A worker that has been silent for so long is lost. */
export const LOST_AFTER_MS = 10_000;

/**
 * Marks workers lost whose heartbeat is older than LOST_AFTER_MS by the database's clock, and returns their ids.
 * Only to be asked by a process that has itself reached the database throughout that time: after an outage every
 * heartbeat is old, and the living get their turn first.
 */
export async function loseSilentWorkers({ client }: Database): Promise<string[]> {
  const lost = await client.$queryRaw<{ id: string }[]>`
    UPDATE worker SET status = 'lost'
    WHERE status IN ('active', 'draining') AND heartbeat_at < clock_timestamp() - make_interval(secs => ${LOST_AFTER_MS / 1000})
    RETURNING id`;
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
export async function workersWithOrphans({ client }: Database): Promise<string[]> {
  const attempts = await client.attempt.findMany({
    where: { status: "running", worker: { status: { in: ["lost", "stopped"] } } },
    distinct: "workerId",
    select: { workerId: true },
  });
  return attempts.map((attempt) => attempt.workerId);
}
