import type { Database } from "#server/db/client.ts";
import { listIdleTransactions } from "#server/db/idle-transactions.ts";
import { log } from "#server/log.ts";

const EVERY_MS = 60_000;
/** None of ours is open for a quarter of this. */
const OLD_MS = 60_000;

/** Says once a minute what makes the database slower and is not Corral's to end: transactions that somebody left open. */
export function startDatabaseWatch(database: Database): { stop: () => void } {
  const look = async () => {
    try {
      for (const transaction of await listIdleTransactions(database, OLD_MS))
        log.warn(
          transaction,
          "a transaction has been left open: the queue grows slower until it ends. Find its program by the pid, or end it with pg_terminate_backend",
        );
    } catch (error) {
      log.debug({ err: error }, "open transactions could not be looked for");
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
