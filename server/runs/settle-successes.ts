import { createBatcher } from "../batcher.ts";
import type { Database } from "../db/client.ts";
import { finishSucceeded } from "./transition.ts";
import type { Success } from "./transition.ts";

/** One statement takes at most so many. */
const MOST = 50;

const batchers = new WeakMap<Database, (success: Success) => Promise<Settling>>();

/** What became of one: accepted or not, or what the database said of it. */
type Settling = boolean | { error: unknown };

/**
 * Ends a run that succeeded; false when the lease is no longer its run's. Those that end together are written together: a worker whose
 * slots end faster than the database commits writes several at once.
 * @throws what the database says of this one
 */
export async function settleSuccess(database: Database, success: Success): Promise<boolean> {
  let settle = batchers.get(database);
  if (settle === undefined) {
    settle = createBatcher((successes: Success[]) => settleAll(database, successes), MOST);
    batchers.set(database, settle);
  }
  const settling = await settle(success);
  if (typeof settling === "boolean") return settling;
  throw settling.error;
}

async function settleAll(database: Database, successes: Success[]): Promise<Settling[]> {
  try {
    const accepted = await finishSucceeded(database, successes);
    // Whoever told of the same attempt twice told of it once.
    return successes.map(({ attemptId }) => accepted.delete(attemptId));
  } catch (error) {
    // Whatever one of them is refused for must not keep the others.
    if (successes.length === 1) return [{ error }];
    return (await Promise.all(successes.map((success) => settleAll(database, [success])))).flat();
  }
}
