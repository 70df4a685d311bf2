import type { Database } from "../db/client.ts";
import { finishSucceeded } from "./transition.ts";
import type { Success } from "./transition.ts";

/** One statement takes at most so many. */
const MOST = 50;

type Waiting = { success: Success; resolve: (accepted: boolean) => void; reject: (error: unknown) => void };
type Gathering = { waiting: Waiting[]; busy: boolean };

const gatherings = new WeakMap<Database, Gathering>();

/**
 * Ends a run that succeeded; false when the lease is no longer its run's. What comes while a statement is under way goes into the next
 * one together: with nothing to do nobody waits, and a worker whose slots end faster than the database commits writes several at once.
 */
export function settleSuccess(database: Database, success: Success): Promise<boolean> {
  const gathering = gatherings.get(database) ?? { waiting: [], busy: false };
  gatherings.set(database, gathering);
  return new Promise<boolean>((resolve, reject) => {
    gathering.waiting.push({ success, resolve, reject });
    if (!gathering.busy) void work(database, gathering);
  });
}

async function work(database: Database, gathering: Gathering): Promise<void> {
  gathering.busy = true;
  while (gathering.waiting.length > 0) await settle(database, gathering.waiting.splice(0, MOST));
  gathering.busy = false;
}

async function settle(database: Database, batch: Waiting[]): Promise<void> {
  try {
    const accepted = await finishSucceeded(
      database,
      batch.map(({ success }) => success),
    );
    // Whoever told of the same attempt twice told of it once.
    for (const { success, resolve } of batch) resolve(accepted.delete(success.attemptId));
  } catch (error) {
    // Whatever one of them is refused for must not keep the others.
    if (batch.length > 1) await Promise.all(batch.map((one) => settle(database, [one])));
    else batch[0]?.reject(error);
  }
}
