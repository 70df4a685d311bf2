import { limitsSchema } from "../contracts/policy.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import type { Transaction } from "../db/client.ts";
import type { Run } from "../db/generated/client.ts";
import type { Queue } from "../queue/queue.ts";
import { changedPolicy, changesPolicy, limitsOf } from "./changed-policy.ts";
import type { PolicyChanges } from "./changed-policy.ts";
import { deliveryOf } from "./delivery-of.ts";
import { queueRunsAgain } from "./transition.ts";
import type { QueuedAgain } from "./transition.ts";

/** What is read of a run to queue it again. */
export type Policied = Pick<Run, "id" | "limits" | "retry">;

type Requeue = PolicyChanges & {
  settings: SettingsValues;
  /** Who asked, and within which bulk operation, for the run's lineage. */
  by: string;
  operationId: string | null;
};

/**
 * Queues runs that failed for good again, with all their retries anew, and their jobs in the same transaction. What is
 * given replaces that part of their policy; the rest stays as it was. Runs that no longer stand there are left out;
 * the ids of the others are returned.
 * @throws LimitExceededError, InvalidInputError when the new policy is refused.
 */
export async function requeueRuns(tx: Transaction, queue: Queue, runs: Policied[], { settings, by, operationId, ...changes }: Requeue): Promise<string[]> {
  const requeued: QueuedAgain[] = [];
  for (const { runs: alike, policy, lineage } of groupByPolicy(runs, settings, changes)) {
    const ids = alike.map((run) => run.id);
    const moved = await queueRunsAgain(tx, ids, policy);
    const json = (part: object | undefined) => (part === undefined ? null : JSON.stringify(part));
    await tx.$executeRaw`
      INSERT INTO requeue (id, run_id, by, after_attempt, operation_id, limits, retry)
      SELECT gen_random_uuid(), id, ${by}, attempt_count, ${operationId}::uuid, ${json(lineage.limits)}::jsonb, ${json(lineage.retry)}::jsonb
      FROM run WHERE id = ANY(${moved.map((run) => run.id)}::uuid[])`;
    requeued.push(...moved);
  }
  await queue.enqueue(
    tx,
    requeued.map((run) => deliveryOf(run, run.jobId, null)),
  );
  return requeued.map((run) => run.id);
}

type Alike = { runs: Policied[]; policy: Partial<ReturnType<typeof changedPolicy>>; lineage: Pick<PolicyChanges, "limits" | "retry"> };

/** Runs that come to have the same policy together: a nightly batch that died of its memory limit is one statement, not ten thousand. */
function groupByPolicy(runs: Policied[], settings: SettingsValues, changes: PolicyChanges): Alike[] {
  if (!changesPolicy(changes)) return runs.length === 0 ? [] : [{ runs, policy: {}, lineage: {} }];
  const byPolicy = new Map<string, Alike>();
  for (const run of runs) {
    const policy = changedPolicy(run, settings, changes);
    const limits = limitsOf(limitsSchema.parse(run.limits), settings, changes);
    const lineage = { ...(Object.keys(limits).length === 0 ? {} : { limits }), ...(changes.retry === undefined ? {} : { retry: changes.retry }) };
    const key = JSON.stringify([policy, lineage]);
    const alike = byPolicy.get(key) ?? { runs: [], policy, lineage };
    alike.runs.push(run);
    byPolicy.set(key, alike);
  }
  return [...byPolicy.values()];
}
