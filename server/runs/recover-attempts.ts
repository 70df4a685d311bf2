import type { Database } from "../db/client.ts";
import type { Queue } from "../queue/queue.ts";
import { lockRun } from "./lock-run.ts";
import { settleLocked } from "./settle-attempt.ts";

/**
 * Settles the attempts of a dead worker as `worker_lost`, so that their runs start again. Each is guarded by
 * its lease, so that callers may race. Returns how many were recovered.
 */
export async function recoverAttempts(database: Database, queue: Queue, where: { workerId: string } | { runId: string; number: number }): Promise<number> {
  const orphans = await database.client.attempt.findMany({ where: { ...where, status: "running" }, include: { worker: true } });
  let recovered = 0;
  for (const orphan of orphans) {
    const settled = await database.client.$transaction(async (tx) => {
      const run = await lockRun(tx, orphan.runId);
      if (run === null) return null;
      return settleLocked(tx, queue, run, {
        attemptId: orphan.id,
        leaseToken: orphan.leaseToken,
        interruption: "crash",
        end: {
          outcome: "worker_lost",
          message: `Its worker on ${orphan.worker.host} was lost while it ran. It is not charged against the run's retries.`,
          exitCode: null,
          signal: null,
          finishedAt: run.now,
        },
      });
    });
    if (settled?.accepted === true) recovered += 1;
  }
  return recovered;
}
