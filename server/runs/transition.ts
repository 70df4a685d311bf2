import type { Limits, RetryPolicy } from "../contracts/policy.ts";
import type { UsageSample } from "../contracts/runs.ts";
import { RETRYABLE_STATUSES } from "../contracts/statuses.ts";
import type { Outcome, RunStatus } from "../contracts/statuses.ts";
import type { Database, Transaction } from "../db/client.ts";
import type { SqlTransaction } from "../db/sql-transaction.ts";
import type { Prisma, Run } from "../db/generated/client.ts";
import { NOTICES, publish } from "../live/notices.ts";
import { usageColumns } from "./append-usage.ts";
import { newIds } from "./new-ids.ts";
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
  set: RunChanges;
};

/**
 * Moves runs to another status and tells every process. Returns the rows that moved; a run that is missing stood
 * elsewhere or was leased by another.
 * @throws when the state diagram has no such move: a fault of ours, never of the caller.
 */
export async function transitionRuns(tx: Transaction, { ids, from, to, leaseToken, set }: RunTransition): Promise<Run[]> {
  const impossible = from.find((status) => !canTransition(status, to));
  if (impossible !== undefined) throw new Error(`A run can't go from ${impossible} to ${to}.`);
  const moved = await tx.run.updateManyAndReturn({
    where: {
      id: { in: ids },
      status: { in: [...from] },
      ...(leaseToken === undefined ? {} : { leaseToken }),
    },
    data: { ...set, status: to },
  });
  if (moved.length > 0) await publish(tx, { kind: "run", ids: moved.map((run) => run.id), to });
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
  if (moved.length > 0) await publish(tx, { kind: "run", ids: moved.map((run) => run.id), to: "queued" });
  return moved;
}

/** Of a lease's run and attempt what its worker needs; `source` is null where the content is missing. */
export type Leased = Pick<Run, "name" | "language" | "args" | "limits" | "network"> & {
  runId: string;
  attemptId: string;
  attempt: number;
  startedAt: Date;
  source: string | null;
  env: unknown;
  stdin: string | null;
};

/**
 * Leases delivered runs and begins their attempts, in one statement that tells every process as well: each run that starts comes by
 * here. A run that no longer names its delivery, because it was cancelled or retried meanwhile, is passed over. A second attempt with
 * the same number is refused by the table. At most IDS_PER_NOTICE at once.
 */
export async function leaseDelivered(
  tx: SqlTransaction,
  deliveries: readonly { runId: string; jobId: string }[],
  { leaseToken, workerId, enforced }: { leaseToken: string; workerId: string; enforced: boolean },
): Promise<Leased[]> {
  return tx.rows<Leased>(
    `WITH moved AS (
       UPDATE run SET status = 'running', lease_token = $4, job_id = NULL, next_attempt_at = NULL,
         attempt_count = run.attempt_count + 1, started_at = coalesce(run.started_at, now())
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS delivered(run_id, job_id, attempt_id)
       WHERE run.id = delivered.run_id AND run.job_id = delivered.job_id AND run.status::text IN ('queued', 'retrying')
       RETURNING run.id, run.name, run.language, run.args, run.limits, run.network, run.attempt_count, delivered.attempt_id
     ), begun AS (
       INSERT INTO attempt (id, run_id, number, status, lease_token, worker_id, limits, enforced)
       SELECT attempt_id, id, attempt_count, 'running', $4, $5, limits, $6 FROM moved
       RETURNING id, started_at
     ), told AS (
       SELECT pg_notify($7, json_build_object('kind', 'run', 'to', 'running', 'ids', json_agg(id))::text) FROM moved HAVING count(*) > 0
     )
     SELECT moved.id AS "runId", moved.attempt_id AS "attemptId", attempt_count AS attempt, moved.name, language, args, limits, network,
       begun.started_at AS "startedAt", source, env, stdin
     FROM moved JOIN begun ON begun.id = moved.attempt_id LEFT JOIN run_content ON run_id = moved.id
     WHERE (SELECT count(*) FROM told) = 1`,
    [
      deliveries.map(({ runId }) => runId),
      deliveries.map(({ jobId }) => jobId),
      newIds(deliveries.length, Date.now()),
      leaseToken,
      workerId,
      enforced,
      NOTICES,
    ],
  );
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

/** A run whose script succeeded, the lease that allows it to be said, and what of its attempt's use of resources is not stored yet. */
export type Success = { runId: string; attemptId: string; leaseToken: string; end: AttemptEnd; samples: readonly UsageSample[] };

/** Samples of attempts that ended, in the statement that ends them. */
const SAMPLES = `, drawn AS (
       INSERT INTO usage_sample (attempt_id, at_ms, memory_bytes, cpu_ms, throttled_ms, pids)
       SELECT sample.* FROM unnest($14::uuid[], $15::int[], $16::bigint[], $17::int[], $18::int[], $19::int[]) AS sample(attempt_id, at_ms, memory_bytes, cpu_ms,
         throttled_ms, pids) JOIN ended ON ended.id = sample.attempt_id
       ON CONFLICT DO NOTHING
     )`;

/**
 * Ends runs and their attempts that succeeded, in one statement, each if its attempt is still running under its lease; of one that is not,
 * nothing is written. What decideAfterAttempt says of a success and no more, since most runs end here. Returns the attempts that ended.
 * At most IDS_PER_NOTICE at once.
 */
export async function finishSucceeded({ rows }: Database, successes: readonly Success[]): Promise<Set<string>> {
  const each = <T>(of: (end: AttemptEnd) => T) => successes.map(({ end }) => of(end));
  const json = (value: Prisma.InputJsonValue | undefined) => (value === undefined ? null : JSON.stringify(value));
  const samples = successes.flatMap((success) => success.samples);
  const sampled = successes.flatMap(({ attemptId, samples }) => samples.map(() => attemptId));
  const ended = await rows<{ attemptId: string }>(
    `WITH wanted AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::timestamptz[], $8::jsonb[], $9::jsonb[],
         $10::bigint[], $11::bigint[], $12::bigint[])
         AS wanted(run_id, attempt_id, lease, message, exit_code, signal, finished_at, usage, evidence, stdout_bytes, stderr_bytes, dropped_bytes)
     ), held AS (
       SELECT wanted.* FROM run JOIN wanted ON run.id = wanted.run_id AND run.lease_token = wanted.lease
       WHERE run.status::text = 'running' ORDER BY run.id FOR UPDATE OF run
     ), ended AS (
       UPDATE attempt SET status = 'finished', outcome = 'succeeded', message = held.message, exit_code = held.exit_code, signal = held.signal,
         finished_at = held.finished_at, usage = held.usage, evidence = held.evidence, stdout_bytes = held.stdout_bytes,
         stderr_bytes = held.stderr_bytes, dropped_bytes = held.dropped_bytes
       FROM held WHERE attempt.id = held.attempt_id AND attempt.run_id = held.run_id AND attempt.status = 'running' AND attempt.lease_token = held.lease
       RETURNING attempt.id, attempt.run_id, attempt.message
     ), moved AS (
       UPDATE run SET status = 'succeeded', lease_token = NULL, job_id = NULL, next_attempt_at = NULL, outcome = 'succeeded', message = ended.message,
         finished_at = clock_timestamp(), worker_crashes = 0, internal_errors = 0, fingerprint = NULL
       FROM ended WHERE run.id = ended.run_id
       RETURNING run.id AS run_id, ended.id AS attempt_id
     ), told AS (
       SELECT pg_notify($13, json_build_object('kind', 'run', 'to', 'succeeded', 'ids', json_agg(run_id))::text) FROM moved HAVING count(*) > 0
     )${samples.length === 0 ? "" : SAMPLES}
     SELECT attempt_id AS "attemptId" FROM moved WHERE (SELECT count(*) FROM told) = 1`,
    [
      successes.map(({ runId }) => runId),
      successes.map(({ attemptId }) => attemptId),
      successes.map(({ leaseToken }) => leaseToken),
      each(({ message }) => message),
      each(({ exitCode }) => exitCode),
      each(({ signal }) => signal),
      each(({ finishedAt }) => finishedAt),
      each(({ usage }) => json(usage)),
      each(({ evidence }) => json(evidence)),
      each(({ stdoutBytes = 0 }) => stdoutBytes),
      each(({ stderrBytes = 0 }) => stderrBytes),
      each(({ droppedBytes = 0 }) => droppedBytes),
      NOTICES,
      ...(samples.length === 0 ? [] : [sampled, ...usageColumns(samples)]),
    ],
  );
  return new Set(ended.map(({ attemptId }) => attemptId));
}
