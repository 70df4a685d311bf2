import type { ServiceContext } from "../context.ts";
import type { SubmitRun } from "../contracts/runs.ts";
import { sqlTransaction } from "../db/sql-transaction.ts";
import type { SqlTransaction } from "../db/sql-transaction.ts";
import type { Run } from "../db/generated/client.ts";
import { publish } from "../live/notices.ts";
import type { acceptRun } from "./accept-run.ts";
import { contentOf } from "./accept-run.ts";
import { deliveryOf } from "./delivery-of.ts";
import { newIds } from "./new-ids.ts";

/** A run that was accepted, with the body it came in, the job that will deliver it, and the key by which its submit may be repeated. */
export type NewRun = {
  accepted: Awaited<ReturnType<typeof acceptRun>>;
  body: SubmitRun;
  jobId: string;
  key?: { idempotencyKey: string; requestHash: string };
};

/**
 * Writes runs, their contents and the jobs that deliver them, and tells of them, in one transaction of one round trip between BEGIN and COMMIT,
 * however many they are. Returns their rows in the order given.
 * @throws a unique violation for a key that its submitter has used
 */
export async function insertRuns({ database, queue, actor }: ServiceContext, runs: readonly NewRun[]): Promise<Run[]> {
  const ids = newIds(runs.length, Date.now());
  const rows = runs.map(({ accepted, jobId, key }, index) => ({
    ...NO_KEY,
    ...key,
    ...accepted.row,
    id: ids[index] ?? "",
    jobId,
    submittedBy: actor.name,
    submitterId: actor.id,
  }));
  const contents = runs.map(({ accepted, body }, index) => ({ runId: ids[index], ...contentOf(body, accepted.env, accepted.row) }));
  const [createdAt] = await sqlTransaction(database, (tx) =>
    Promise.all([
      insertRows(tx, rows, contents),
      queue.enqueue(
        tx,
        rows.map((row) => deliveryOf(row, row.jobId, null)),
      ),
      publish(tx, { kind: "run", ids, to: NEW.status }),
    ]),
  );
  return rows.map((row) => ({ ...NEW, ...row, createdAt }));
}

/** Two parameters, however many they are. Returns when they were made. */
async function insertRows(tx: SqlTransaction, rows: readonly object[], contents: readonly object[]): Promise<Date> {
  const [made] = await tx.rows<{ createdAt: Date }>(
    `WITH made AS (
      INSERT INTO run (id, name, language, args, lane, limits, retry, tags, priority, dead_letter, network, secret_key, submitted_by, submitter_id, job_id,
        idempotency_key, request_hash)
      SELECT id, name, language, ARRAY(SELECT jsonb_array_elements_text(args)), lane::lane, limits, retry, ARRAY(SELECT jsonb_array_elements_text(tags)),
        priority, "deadLetter", network, "secretKey", "submittedBy", "submitterId", "jobId", "idempotencyKey", "requestHash"
      FROM jsonb_to_recordset($1::jsonb) AS given(
        id uuid, name text, language text, args jsonb, lane text, limits jsonb, retry jsonb, tags jsonb, priority int, "deadLetter" boolean, network boolean,
        "secretKey" text, "submittedBy" text, "submitterId" text, "jobId" uuid, "idempotencyKey" text, "requestHash" text
      )
      RETURNING created_at
    ), filled AS (
      INSERT INTO run_content (run_id, source, stdin, env, name, tags)
      SELECT "runId", source, stdin, env, name, ARRAY(SELECT jsonb_array_elements_text(tags))
      FROM jsonb_to_recordset($2::jsonb) AS given("runId" uuid, source text, stdin text, env jsonb, name text, tags jsonb)
    )
    SELECT created_at AS "createdAt" FROM made LIMIT 1`,
    [JSON.stringify(rows), JSON.stringify(contents)],
  );
  if (made === undefined) throw new Error("No run was written.");
  return made.createdAt;
}

const NO_KEY = { idempotencyKey: null, requestHash: null };

/** What a run is before anything has happened to it: the table's defaults. */
const NEW = {
  status: "queued",
  outcome: null,
  message: null,
  startedAt: null,
  finishedAt: null,
  nextAttemptAt: null,
  cancelRequestedAt: null,
  leaseToken: null,
  attemptCount: 0,
  chargedFailures: 0,
  interruptions: 0,
  internalErrors: 0,
  workerCrashes: 0,
  fingerprint: null,
} as const satisfies Partial<Run>;
