import { randomUUID } from "node:crypto";

import type { RetryInput, LimitsInput } from "../contracts/policy.ts";
import { limitsSchema, retryPolicySchema } from "../contracts/policy.ts";
import { RETRYABLE_STATUSES } from "../contracts/statuses.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import type { Transaction } from "../db/client.ts";
import type { Run } from "../db/generated/client.ts";
import type { Queue } from "../queue/queue.ts";
import { deliveryOf } from "./delivery-of.ts";
import { resolveLimits, resolveRetry } from "./resolve-policy.ts";
import { transitionRuns } from "./transition.ts";

type Requeue = {
  settings: SettingsValues;
  /** Who asked, and within which bulk operation, for the run's lineage. */
  by: string;
  operationId: string | null;
  limits?: LimitsInput | undefined;
  retry?: RetryInput | undefined;
};

/**
 * Queues runs that failed for good again, with all their retries anew, and their jobs in the same transaction. What is
 * given replaces that part of their policy; the rest stays as it was. Runs that no longer stand there are left out.
 * @throws LimitExceededError, InvalidInputError when the new policy is refused.
 */
export async function requeueRuns(tx: Transaction, queue: Queue, runs: Run[], { settings, by, operationId, limits, retry }: Requeue): Promise<Run[]> {
  const changesPolicy = limits !== undefined || retry !== undefined;
  const requeued: Run[] = [];
  for (const group of changesPolicy ? runs.map((run) => [run]) : [runs]) {
    const [only] = group;
    if (only === undefined) continue;
    const policy = changesPolicy
      ? {
          limits: limits === undefined ? limitsSchema.parse(only.limits) : resolveLimits(settings, { ...limitsSchema.parse(only.limits), ...limits }),
          retry: retry === undefined ? retryPolicySchema.parse(only.retry) : resolveRetry(settings, { ...retryPolicySchema.parse(only.retry), ...retry }),
        }
      : {};
    requeued.push(
      ...(await transitionRuns(tx, {
        ids: group.map((run) => run.id),
        from: RETRYABLE_STATUSES,
        to: "queued",
        set: {
          ...policy,
          finishedAt: null,
          fingerprint: null,
          nextAttemptAt: null,
          cancelRequestedAt: null,
          chargedFailures: 0,
          interruptions: 0,
          workerCrashes: 0,
          internalErrors: 0,
        },
      })),
    );
  }
  const deliveries = requeued.map((run) => deliveryOf(run, randomUUID(), null));
  await assignJobs(tx, deliveries);
  const changed = (part: object | undefined) => (part === undefined ? null : JSON.stringify(part));
  await tx.$executeRaw`
    INSERT INTO requeue (id, run_id, by, after_attempt, operation_id, limits, retry)
    SELECT gen_random_uuid(), id, ${by}, attempt_count, ${operationId}::uuid, ${changed(limits)}::jsonb, ${changed(retry)}::jsonb
    FROM run WHERE id = ANY(${requeued.map((run) => run.id)}::uuid[])`;
  await queue.enqueue(tx, deliveries);
  return requeued;
}

/** Writes each run's own job id in one statement. */
async function assignJobs(tx: Transaction, deliveries: { jobId: string; runId: string }[]) {
  if (deliveries.length === 0) return;
  await tx.$executeRaw`
    UPDATE run SET job_id = delivery.job_id
    FROM unnest(${deliveries.map((delivery) => delivery.runId)}::uuid[], ${deliveries.map((delivery) => delivery.jobId)}::uuid[]) AS delivery(run_id, job_id)
    WHERE run.id = delivery.run_id`;
}
