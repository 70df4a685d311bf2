import type { Attempt, Requeue, Run, RunContent } from "../db/generated/client.ts";
import type { SqlRunner } from "../db/sql-transaction.ts";

/** A run's row with all its attempts, oldest first, how often it was queued again, and on request its script. */
export type RunRow = Run & {
  attempts: Attempt[];
  requeues: Requeue[];
  content: Pick<RunContent, "source" | "stdin" | "env"> | null;
};

/** JSON has neither moments nor whole numbers of 64 bits. */
type InJson<Row> = {
  [Key in keyof Row]: Row[Key] extends Date ? string : Row[Key] extends Date | null ? string | null : Row[Key] extends bigint ? number : Row[Key];
};
type Read = Run & { attempts: InJson<Attempt>[]; requeues: InJson<Requeue>[]; content: RunRow["content"] };

const RUN = `SELECT run.id, run.name, language, args, status, outcome, message, lane, limits, retry, run.tags, priority, dead_letter AS "deadLetter", network,
    created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt", next_attempt_at AS "nextAttemptAt",
    cancel_requested_at AS "cancelRequestedAt", submitted_by AS "submittedBy", submitter_id AS "submitterId", idempotency_key AS "idempotencyKey",
    request_hash AS "requestHash", job_id AS "jobId", lease_token AS "leaseToken", attempt_count AS "attemptCount",
    charged_failures AS "chargedFailures", interruptions, internal_errors AS "internalErrors", worker_crashes AS "workerCrashes",
    secret_key AS "secretKey", fingerprint,
    coalesce((
      SELECT json_agg(json_build_object('id', id, 'runId', run_id, 'number', number, 'status', status, 'outcome', outcome, 'message', message,
        'exitCode', exit_code, 'signal', signal, 'leaseToken', lease_token, 'workerId', worker_id, 'startedAt', started_at, 'finishedAt', finished_at,
        'limits', limits, 'usage', usage, 'evidence', evidence, 'enforced', enforced, 'stdoutBytes', stdout_bytes, 'stderrBytes', stderr_bytes,
        'droppedBytes', dropped_bytes, 'outputRemovedAt', output_removed_at) ORDER BY number)
      FROM attempt WHERE run_id = run.id
    ), '[]') AS attempts,
    coalesce((
      SELECT json_agg(json_build_object('id', id, 'runId', run_id, 'at', at, 'by', by, 'afterAttempt', after_attempt, 'operationId', operation_id,
        'limits', limits, 'retry', retry) ORDER BY at)
      FROM requeue WHERE run_id = run.id
    ), '[]') AS requeues,
    (SELECT json_build_object('source', source, 'stdin', stdin, 'env', env) FROM run_content WHERE $2::boolean AND run_id = run.id) AS content
  FROM run WHERE run.id = $1`;

/** All that is known of a run, as it stood at one moment, in one statement: whoever follows a run asks at each of its steps. Null when there is none. */
export async function readRunRow({ rows }: SqlRunner, id: string, { withContent }: { withContent: boolean }): Promise<RunRow | null> {
  const [run] = await rows<Read>(RUN, [id, withContent]);
  if (run === undefined) return null;
  return {
    ...run,
    attempts: run.attempts.map((attempt) => ({
      ...attempt,
      startedAt: new Date(attempt.startedAt),
      finishedAt: moment(attempt.finishedAt),
      outputRemovedAt: moment(attempt.outputRemovedAt),
      stdoutBytes: BigInt(attempt.stdoutBytes),
      stderrBytes: BigInt(attempt.stderrBytes),
      droppedBytes: BigInt(attempt.droppedBytes),
    })),
    requeues: run.requeues.map((requeue) => ({ ...requeue, at: new Date(requeue.at) })),
  };
}

const moment = (text: string | null) => (text === null ? null : new Date(text));
