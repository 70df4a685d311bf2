import { randomUUID } from "node:crypto";

import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import type { Queue } from "#server/queue/queue.ts";
import { handBack } from "#server/runs/recover-attempts.ts";

const LOOK_MS = 1_000;
/** What was being committed when its connection broke is there by then, or never comes. */
const OVER_AFTER_MS = 60_000;

export type DoubtfulLeases = {
  /** Takes leases under a token of their own. @throws what `lease` throws; its token is in doubt then */
  take: <T>(lease: (leaseToken: string) => Promise<T>) => Promise<T>;
  /** Looks once more, and no longer. */
  stop: () => Promise<void>;
};

/**
 * Leases whose commit was never answered. The database may have given runs to this worker that it knows nothing of; since the worker
 * lives, nobody else would ever end them. Their attempts are handed back, uncharged, as soon as the database answers.
 */
export function startDoubtfulLeases(database: Database, queue: Queue): DoubtfulLeases {
  const since = new Map<string, number>();
  let looking: Promise<void> | null = null;

  const look = async () => {
    const began = performance.now();
    const tokens = [...since.keys()];
    if (tokens.length === 0) return;
    const count = await handBack(database, queue, tokens);
    if (count > 0) log.warn({ attempts: count }, "handed back runs that this worker was given without learning of it");
    for (const token of tokens) if (began - (since.get(token) ?? began) > OVER_AFTER_MS) since.delete(token);
  };
  const lookOnce = () => {
    looking ??= look()
      .catch((error: unknown) => {
        // Still away; the next look tries again.
        log.debug({ err: error }, "leases in doubt could not be looked for");
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  const timer = setInterval(() => void lookOnce(), LOOK_MS);

  return {
    take: async (lease) => {
      const leaseToken = randomUUID();
      try {
        return await lease(leaseToken);
      } catch (error) {
        since.set(leaseToken, performance.now());
        throw error;
      }
    },
    stop: async () => {
      clearInterval(timer);
      await looking;
      await lookOnce();
    },
  };
}
