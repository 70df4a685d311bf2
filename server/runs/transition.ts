import type { Limits, RetryPolicy } from "../contracts/policy.ts";
import { RETRYABLE_STATUSES } from "../contracts/statuses.ts";
import type { Outcome, RunStatus } from "../contracts/statuses.ts";
import type { Transaction } from "../db/client.ts";
import type { Prisma, Run } from "../db/generated/client.ts";
import { publish } from "../live/notices.ts";
import { canTransition } from "./run-states.ts";

/**
 * The one place that writes a run's or an attempt's status. Every write is guarded by the status it starts from, and
 * by the lease where there is one, so that of two racing writers one wins and the other learns that it did not.
 */

type RunChanges = Omit<Prisma.RunUncheckedUpdateManyInput, "status" | "id">;

type RunTransition = {
  ids: string[];
  from: readonly RunStatus[];
  to: RunStatus;
  /** Only while this lease holds. */
  leaseToken?: string;
  /** Only while one of these jobs is the one that delivers the run. */
  jobIds?: string[];
  set: RunChanges;
};

/**
 * Moves runs to another status and tells every process. Returns the rows that moved; a run that is missing stood
 * elsewhere or was leased by another.
 * @throws when the state diagram has no such move: a fault of ours, never of the caller.
 */
export async function transitionRuns(tx: Transaction, { ids, from, to, leaseToken, jobIds, set }: RunTransition): Promise<Run[]> {
  const impossible = from.find((status) => !canTransition(status, to));
  if (impossible !== undefined) throw new Error(`A run can't go from ${impossible} to ${to}.`);
  const moved = await tx.run.updateManyAndReturn({
    where: {
      id: { in: ids },
      status: { in: [...from] },
      ...(leaseToken === undefined ? {} : { leaseToken }),
      ...(jobIds === undefined ? {} : { jobId: { in: jobIds } }),
    },
    data: { ...set, status: to },
  });
  if (moved.length > 0) await publish(tx, { kind: "run", ids: moved.map((run) => run.id) });
  return moved;
}

/** A run that was queued again: what its delivery needs. */
export type QueuedAgain = Pick<Run, "id" | "lane" | "priority" | "language" | "limits" | "tags" | "secretKey"> & { jobId: string };

/**
 * Queues runs that failed for good, with all counters anew, another policy where given, and a job's id of its own each. Apart from
 * `transitionRuns` because ten thousand at once is usual: written once each, and only what is needed comes back.
 */
export async function queueRunsAgain(tx: Transaction, ids: string[], policy: { limits?: Limits; retry?: RetryPolicy }): Promise<QueuedAgain[]> {
  const json = (part: object | undefined) => (part === undefined ? null : JSON.stringify(part));
  const moved = await tx.$queryRaw<QueuedAgain[]>`
    UPDATE run SET status = 'queued', job_id = gen_random_uuid(),
      limits = coalesce(${json(policy.limits)}::jsonb, limits), retry = coalesce(${json(policy.retry)}::jsonb, retry),
      finished_at = NULL, fingerprint = NULL, next_attempt_at = NULL, cancel_requested_at = NULL,
      charged_failures = 0, interruptions = 0, worker_crashes = 0, internal_errors = 0
    WHERE id = ANY(${ids}::uuid[]) AND status::text = ANY(${[...RETRYABLE_STATUSES]})
    RETURNING id, lane, priority, language, limits, tags, secret_key AS "secretKey", job_id AS "jobId"`;
  if (moved.length > 0) await publish(tx, { kind: "run", ids: moved.map((run) => run.id) });
  return moved;
}

export type NewAttempt = {
  runId: string;
  number: number;
  leaseToken: string;
  workerId: string;
  limits: Prisma.InputJsonValue;
  enforced: boolean;
};

/** Records that attempts are running. A second attempt with the same number is refused by the table. */
export async function startAttempts(tx: Transaction, attempts: NewAttempt[]) {
  return tx.attempt.createManyAndReturn({ data: attempts.map((attempt) => ({ ...attempt, status: "running" as const })) });
}

export type AttemptEnd = {
  outcome: Outcome;
  message: string;
  exitCode: number | null;
  signal: string | null;
  finishedAt: Date;
  usage?: Prisma.InputJsonValue;
  evidence?: Prisma.InputJsonValue;
  stdoutBytes?: number;
  stderrBytes?: number;
  droppedBytes?: number;
};

/** Ends an attempt if it is still running under this lease; false when it is not. */
export async function finishAttempt(tx: Transaction, attemptId: string, leaseToken: string, end: AttemptEnd): Promise<boolean> {
  const { count } = await tx.attempt.updateMany({
    where: { id: attemptId, status: "running", leaseToken },
    data: { ...end, status: "finished" },
  });
  return count === 1;
}
