import type { Database } from "../db/client.ts";
import type { Prisma } from "../db/generated/client.ts";
import type { Queue } from "../queue/queue.ts";
import type { Interruption } from "./decide-after-attempt.ts";
import { lockRun } from "./lock-run.ts";
import { settleLocked } from "./settle-attempt.ts";

/**
 * Settles the attempts of a dead worker as `worker_lost`, so that their runs start again. Each is guarded by
 * its lease, so that callers may race. Returns how many were recovered.
 */
export function recoverAttempts(database: Database, queue: Queue, where: { workerId: string } | { runId: string; number: number }): Promise<number> {
  return giveUp(database, queue, where, "crash", (host) => `Its worker on ${host} was lost while it ran. It is not charged against the run's retries.`);
}

/**
 * Gives back what was leased under these tokens and never begun: the worker did not learn that the lease was committed. Counts as no
 * crash, since no script ran. Returns how many were given back.
 */
export function handBack(database: Database, queue: Queue, leaseTokens: string[]): Promise<number> {
  return giveUp(
    database,
    queue,
    { leaseToken: { in: leaseTokens } },
    "shutdown",
    (host) => `The answer that gave it to its worker on ${host} was lost: it never began. It is not charged against the run's retries.`,
  );
}

async function giveUp(
  database: Database,
  queue: Queue,
  where: Prisma.AttemptWhereInput,
  interruption: Interruption,
  messageOf: (host: string) => string,
): Promise<number> {
  const orphans = await database.client.attempt.findMany({ where: { ...where, status: "running" }, include: { worker: true } });
  let recovered = 0;
  for (const orphan of orphans) {
    const settled = await database.client.$transaction(async (tx) => {
      const run = await lockRun(tx, orphan.runId);
      if (run === null) return null;
      return settleLocked(tx, queue, run, {
        attemptId: orphan.id,
        leaseToken: orphan.leaseToken,
        interruption,
        end: { outcome: "worker_lost", message: messageOf(orphan.worker.host), exitCode: null, signal: null, finishedAt: run.now },
      });
    });
    if (settled?.accepted === true) recovered += 1;
  }
  return recovered;
}
