import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SYSTEM_ACTOR } from "#server/context.ts";
import type { ServiceContext } from "#server/context.ts";
import type { Database } from "#server/db/client.ts";
import { openQueue } from "#server/queue/queue.ts";
import { leaseRuns } from "#server/runs/lease-runs.ts";
import { readSettings } from "#server/settings/read-settings.ts";
import { ANYTHING, registerTestWorker } from "#server/workers/test-worker.ts";
import { createActiveAttempts } from "#worker/active-attempts.ts";
import { startDispatcher } from "#worker/dispatcher.ts";
import type { Executor } from "#worker/executor/types.ts";
import { openJournal } from "#worker/journal.ts";
import { handleLease } from "#worker/run-handler.ts";

/** A worker's own parts in this process, lease to settlement, with the executor that it is given. */
export type Engine = {
  /** The services on its database. */
  ctx: ServiceContext;
  /** Lets it take runs of the batch lane, until it pauses. */
  start: () => void;
  /** Takes nothing more; resolves when nothing runs. */
  pause: () => Promise<void>;
  stop: () => Promise<void>;
};

export type EngineOptions = {
  database: Database;
  executor: Executor;
  slots: number;
  onEnded?: () => void;
  /** Told when each step of a run begins or is over, for who wants to know where time goes. */
  onStep?: (step: "woken" | "lease" | "leased" | "free") => void;
};

/** Makes one; it takes nothing yet. */
export async function createEngine({ database, executor, slots, onEnded = () => undefined, onStep = () => undefined }: EngineOptions): Promise<Engine> {
  const queue = await openQueue(database, "worker");
  const workerId = await registerTestWorker(database);
  const directory = mkdtempSync(join(tmpdir(), "corral-bench-journal-"));
  const journal = await openJournal(directory);
  const settings = (await readSettings(database)).values;
  const active = createActiveAttempts();
  let stop: () => Promise<void> = () => Promise.resolve();
  const pause = async () => {
    await stop();
    await active.idle();
    await journal.idle();
  };
  return {
    ctx: { database, queue, actor: SYSTEM_ACTOR },
    start: () => {
      const dispatcher = startDispatcher({
        lane: "batch",
        slots,
        lease: async (lane, count) => {
          onStep("lease");
          const leases = await leaseRuns(database, queue, { ...ANYTHING, leaseToken: randomUUID(), lane, count, workerId, enforced: true });
          if (leases.length > 0) onStep("leased");
          return leases;
        },
        handle: async (lease, onScriptEnd) => {
          const settled = await handleLease({ database, queue, executor, journal, active, settings: () => settings }, lease, onScriptEnd);
          onStep("free");
          onEnded();
          return settled;
        },
        onEnded: () => undefined,
      });
      const deafen = queue.onWake(() => {
        onStep("woken");
        dispatcher.wake();
      });
      stop = async () => {
        deafen();
        await dispatcher.stop();
      };
    },
    pause,
    stop: async () => {
      await pause();
      await queue.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
