import type { Limits } from "../contracts/policy.ts";
import { limitsSchema } from "../contracts/policy.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import { sqlTransaction } from "../db/sql-transaction.ts";
import type { SqlTransaction } from "../db/sql-transaction.ts";
import { IDS_PER_NOTICE } from "../live/notices.ts";
import { IN_ORDER } from "../queue/queue.ts";
import type { Delivery, Queue, Taking } from "../queue/queue.ts";
import { storedEnvSchema } from "../secrets/stored-env.ts";
import type { StoredEnv } from "../secrets/stored-env.ts";
import { leaseDelivered } from "./transition.ts";

/** A run that this worker alone may execute now, with all that the executor needs. */
export type Lease = {
  runId: string;
  attemptId: string;
  attempt: number;
  leaseToken: string;
  name: string;
  language: string;
  source: string;
  args: string[];
  /** Its secrets are sealed until it is executed. */
  env: StoredEnv;
  stdin: string | null;
  limits: Limits;
  network: boolean;
  startedAt: Date;
};

/** What a worker takes of a lane; see `Taking`. The token is new, and the caller's own, so that it can ask later what came of it. */
export type LeaseRequest = Taking & { lane: Lane; enforced: boolean; leaseToken: string };

/**
 * Takes due runs of a lane for a worker, as many as it has room for: the delivery, the run's status and the new attempt commit
 * together, so that a crash leaves the run either waiting or leased, never in between.
 */
export async function leaseRuns(database: Database, queue: Queue, { lane, enforced, leaseToken, count, ...taking }: LeaseRequest): Promise<Lease[]> {
  const { workerId } = taking;
  const hold = (tx: SqlTransaction) => queue.hold(tx, lane, { ...taking, count: Math.min(count, IDS_PER_NOTICE) });
  const lease = async (tx: SqlTransaction, deliveries: Delivery[]): Promise<Lease[]> => {
    if (deliveries.length === 0) return [];
    // A delivery whose run was cancelled or retried meanwhile has no run that still names it: it ends here.
    const [leased] = await Promise.all([leaseDelivered(tx, deliveries, { leaseToken, workerId, enforced }), queue.take(tx, lane, deliveries)]);
    return leased.map(({ source, env, limits, ...rest }): Lease => {
      if (source === null) throw new Error("A leased run has no content. The database was changed from outside.");
      return { ...rest, leaseToken, source, env: storedEnvSchema.parse(env), limits: limitsSchema.parse(limits) };
    });
  };
  return sqlTransaction(database, lease, { opening: IN_ORDER, first: hold });
}
