import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import type { Queue } from "#server/queue/queue.ts";
import { recoverAttempts } from "#server/runs/recover-attempts.ts";
import { listLiveWorkers } from "#server/workers/list-live-workers.ts";
import { LOST_AFTER_MS, loseSilentWorkers, loseWorkers, workersWithOrphans } from "#server/workers/lose-workers.ts";

import type { Executor } from "./executor/types.ts";
import { deliver } from "./journal.ts";
import type { Journal } from "./journal.ts";
import { isKnownDead } from "./place.ts";
import type { Place } from "./place.ts";

const CHECK_MS = 1_000;
/** A check that came so late means that this process, or its way to the database, stood still. */
const GAP_MS = 3 * CHECK_MS;
const ORPHANS_EVERY_MS = 5_000;

/**
 * Puts right what dead predecessors on this host left, before anything new is leased: results in the journal are
 * delivered, surviving processes ended, and only then their runs queued again.
 */
export async function recoverHost(
  { database, queue, executor, journal }: { database: Database; queue: Queue; executor: Executor; journal: Journal },
  place: Place,
): Promise<void> {
  const leftovers = await executor.sweep();
  for (const entry of await journal.read()) {
    const { accepted } = await deliver(database, queue, entry);
    await journal.forget(entry.lease.attemptId);
    log.info({ runId: entry.lease.runId, accepted }, "delivered a result from the journal");
  }
  for (const { runId, attempt } of leftovers) await recoverAttempts(database, queue, { runId, number: attempt });
  const dead: string[] = [];
  for (const worker of await listLiveWorkers(database)) if (await isKnownDead(place, worker.place, worker.pid)) dead.push(worker.id);
  await loseWorkers(database, dead);
  for (const workerId of dead) {
    const recovered = await recoverAttempts(database, queue, { workerId });
    log.info({ workerId, recovered }, "a dead worker of this host was taken over");
  }
}

/**
 * Watches for workers anywhere that fell silent and queues their runs again. Any number of workers may watch at once.
 * The watcher counts only time in which it reached the database itself: after an outage the living beat first.
 */
export function startReconciler(database: Database, queue: Queue): { stop: () => void } {
  let reachableSince = performance.now();
  let lastCheck = performance.now();
  let lastOrphans = 0;
  let stopped = false;
  let timer: NodeJS.Timeout;

  const check = async () => {
    try {
      const started = performance.now();
      if (started - lastCheck > GAP_MS) reachableSince = started;
      if (started - reachableSince > LOST_AFTER_MS) {
        for (const workerId of await loseSilentWorkers(database)) {
          const recovered = await recoverAttempts(database, queue, { workerId });
          log.warn({ workerId, recovered }, "a silent worker was taken for lost");
        }
      } else {
        // Says that the database is within reach; the question above would take the living for lost.
        await database.rows("SELECT 1");
      }
      if (started - lastOrphans > ORPHANS_EVERY_MS) {
        lastOrphans = started;
        for (const workerId of await workersWithOrphans(database)) await recoverAttempts(database, queue, { workerId });
      }
      if (performance.now() - started > GAP_MS) reachableSince = performance.now();
    } catch (error) {
      reachableSince = performance.now();
      log.debug({ err: error }, "silent workers could not be looked for");
    }
    lastCheck = performance.now();
    if (!stopped) timer = setTimeout(() => void check(), CHECK_MS);
  };

  timer = setTimeout(() => void check(), CHECK_MS);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
