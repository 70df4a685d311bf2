import type { Database } from "../db/client.ts";
import type { SqlRunner } from "../db/sql-transaction.ts";
import { publish } from "../live/notices.ts";
import type { WorkerCapabilities } from "./capabilities.ts";

export type WorkerRegistration = {
  id: string;
  host: string;
  pid: number;
  version: string;
  slots: { batch: number; interactive: number };
  capabilities: WorkerCapabilities;
  hostMemoryBytes: number;
  hostCpuMillis: number;
};

/** Makes a worker known; its heartbeat begins. */
export async function registerWorker({ client }: Database, worker: WorkerRegistration): Promise<void> {
  await client.worker.create({
    data: {
      id: worker.id,
      host: worker.host,
      pid: worker.pid,
      version: worker.version,
      batchSlots: worker.slots.batch,
      interactiveSlots: worker.slots.interactive,
      capabilities: worker.capabilities,
      hostMemoryBytes: worker.hostMemoryBytes,
      hostCpuMillis: worker.hostCpuMillis,
    },
  });
  await publish(client, { kind: "worker" });
}

/**
 * Says that a worker lives, by the database's clock: this is the lease of all its attempts. Returns false when it was
 * already taken for lost: its attempts are others' now, and it has to end them.
 */
export async function beatWorker({ rows }: SqlRunner, id: string, rssBytes: number): Promise<boolean> {
  const beaten = await rows(
    "UPDATE worker SET heartbeat_at = clock_timestamp(), rss_bytes = $2 WHERE id = $1 AND status IN ('active', 'draining') RETURNING id",
    [id, rssBytes],
  );
  return beaten.length === 1;
}

/** Notes that a worker takes nothing more, or has ended in order. */
export async function noteWorkerStatus({ client }: Database, id: string, status: "draining" | "stopped"): Promise<void> {
  await client.worker.updateMany({ where: { id, status: { in: ["active", "draining"] } }, data: { status } });
  await publish(client, { kind: "worker" });
}
