import type { Database } from "./client.ts";

/** A session that has left a transaction open. */
export type IdleTransaction = { pid: number; application: string; openSeconds: number };

/**
 * Transactions that were begun so many milliseconds ago and in which nothing happens: as long as one is open, PostgreSQL can't clear
 * away what any later one deleted, and the queue, which deletes all the time, grows slower.
 */
export async function listIdleTransactions({ client }: Database, olderThanMs: number): Promise<IdleTransaction[]> {
  return client.$queryRaw<IdleTransaction[]>`
    SELECT pid, application_name AS application, extract(epoch FROM clock_timestamp() - xact_start)::int AS "openSeconds"
    FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND xact_start < clock_timestamp() - make_interval(secs => ${olderThanMs / 1000})
    ORDER BY xact_start`;
}
