import type { Limits } from "../contracts/policy.ts";
import { limitsSchema } from "../contracts/policy.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import type { Queue, Taking } from "../queue/queue.ts";
import { storedEnvSchema } from "../secrets/stored-env.ts";
import type { StoredEnv } from "../secrets/stored-env.ts";
import { startAttempts, transitionRuns } from "./transition.ts";

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
export async function leaseRuns(database: Database, queue: Queue, { lane, enforced, leaseToken, ...taking }: LeaseRequest): Promise<Lease[]> {
  const { workerId } = taking;
  return database.client.$transaction(async (tx) => {
    const deliveries = await queue.take(tx, lane, taking);
    if (deliveries.length === 0) return [];
    // A delivery whose run was cancelled or retried meanwhile has no run that still names it: it ends here.
    const runs = await transitionRuns(tx, {
      ids: deliveries.map((delivery) => delivery.runId),
      from: ["queued", "retrying"],
      to: "running",
      jobIds: deliveries.map((delivery) => delivery.jobId),
      set: { leaseToken, jobId: null, nextAttemptAt: null, attemptCount: { increment: 1 } },
    });
    if (runs.length === 0) return [];
    const attempts = await startAttempts(
      tx,
      runs.map((run) => ({ runId: run.id, number: run.attemptCount, leaseToken, workerId, limits: limitsSchema.parse(run.limits), enforced })),
    );
    const first = attempts.filter((attempt) => attempt.number === 1);
    if (first.length > 0) {
      await tx.run.updateMany({ where: { id: { in: first.map((attempt) => attempt.runId) } }, data: { startedAt: first[0]?.startedAt ?? null } });
    }
    const contents = await tx.runContent.findMany({ where: { runId: { in: runs.map((run) => run.id) } } });
    return attempts.map((attempt): Lease => {
      const run = found(runs.find((candidate) => candidate.id === attempt.runId));
      const content = found(contents.find((candidate) => candidate.runId === attempt.runId));
      return {
        runId: run.id,
        attemptId: attempt.id,
        attempt: attempt.number,
        leaseToken,
        name: run.name,
        language: run.language,
        source: content.source,
        args: run.args,
        env: storedEnvSchema.parse(content.env),
        stdin: content.stdin,
        limits: limitsSchema.parse(run.limits),
        network: run.network,
        startedAt: attempt.startedAt,
      };
    });
  });
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A leased run has no content. The database was changed from outside.");
  return value;
}
