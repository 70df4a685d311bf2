import type { Actor, ServiceContext } from "../context.ts";
import type { SubmitRun } from "../contracts/runs.ts";
import type { SqlTransaction } from "../db/sql-transaction.ts";
import type { Run } from "../db/generated/client.ts";
import { noticesOf } from "../live/notices.ts";
import type { SealedEnv, acceptRun } from "./accept-run.ts";
import { deliveryWithin } from "./delivery-of.ts";
import { newIds } from "./new-ids.ts";
import { numbered } from "./numbered.ts";
import type { Policy } from "./resolve-policy.ts";

/** A run that was accepted, with the body it came in, its environment, and the key by which its submit may be repeated. */
export type NewRun = {
  accepted: ReturnType<typeof acceptRun>;
  body: SubmitRun;
  sealed: SealedEnv;
  key?: { idempotencyKey: string; requestHash: string };
};

/** A run's row as it was just written. */
export type InsertedRun = Run & Policy;

/** Statements that `insertRuns` sends for runs of one lane. */
export const INSERTS = 2;

/**
 * Writes runs, their contents and the jobs that deliver them, and tells of them, in one round trip, however many they are. Returns their rows
 * in the order given.
 * @throws a unique violation for a key that its submitter has used
 */
export async function insertRuns(tx: SqlTransaction, { queue, actor }: ServiceContext, runs: readonly NewRun[]): Promise<InsertedRun[]> {
  const now = Date.now();
  const ids = newIds(runs.length, now);
  // Rising as well: pg-boss's key is in their order, and what comes next to one another is written sooner than what is strewn.
  const jobIds = newIds(runs.length, now);
  const given = runs.map(({ accepted, sealed, key }, index) => ({
    ...accepted,
    secretKey: sealed.secretKey,
    ...NO_KEY,
    ...key,
    id: ids[index] ?? "",
    jobId: jobIds[index] ?? "",
  }));
  const [createdAt] = await Promise.all([
    insertRows(tx, actor, given, runs),
    queue.enqueue(
      tx,
      given.map((row) => deliveryWithin(row.limits, row, row.jobId, null)),
    ),
  ]);
  return given.map((row) => ({ ...NEW, ...row, submittedBy: actor.name, submitterId: actor.id, createdAt }));
}

type GivenRow = NewRun["accepted"] & Pick<SealedEnv, "secretKey"> & typeof NO_KEY & { id: string; jobId: string };

/**
 * Rows, contents and what is told of them, in seven parameters, however many they are: what is the same for many is handed over once. Returns
 * when they were made.
 */
async function insertRows(tx: SqlTransaction, actor: Actor, rows: readonly GivenRow[], runs: readonly NewRun[]): Promise<Date> {
  const limits = numbered(rows.map((row) => row.limits));
  const retries = numbered(rows.map((row) => row.retry));
  const given = rows.map((row, index) => ({
    ...row,
    limits: limits.numbers[index],
    retry: retries.numbers[index],
    source: runs[index]?.body.source,
    stdin: runs[index]?.body.stdin,
    env: runs[index]?.sealed.env,
  }));
  const [made] = await tx.rows<{ createdAt: Date }>(
    // json, not jsonb: made into columns at once, not into a tree before.
    `WITH given AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json) AS given(
        id uuid, name text, language text, args text[], lane lane, limits int, retry int, tags text[], priority int, "deadLetter" boolean, network boolean,
        "secretKey" text, "jobId" uuid, "idempotencyKey" text, "requestHash" text, source text, stdin text, env jsonb
      )
    ), made AS (
      INSERT INTO run (id, name, language, args, lane, limits, retry, tags, priority, dead_letter, network, secret_key, submitted_by, submitter_id, job_id,
        idempotency_key, request_hash)
      SELECT id, name, language, args, lane, ($2::jsonb[])[limits], ($3::jsonb[])[retry], tags, priority, "deadLetter", network, "secretKey", $4, $5, "jobId",
        "idempotencyKey", "requestHash"
      FROM given
      RETURNING created_at
    ), filled AS (
      INSERT INTO run_content (run_id, source, stdin, env, name, tags) SELECT id, source, stdin, env, name, tags FROM given
    ), told AS (
      SELECT pg_notify($6, text) FROM unnest($7::text[]) AS text
    )
    SELECT created_at AS "createdAt" FROM made WHERE (SELECT count(*) FROM told) > 0 LIMIT 1`,
    [
      JSON.stringify(given),
      limits.distinct.map((one) => JSON.stringify(one)),
      retries.distinct.map((one) => JSON.stringify(one)),
      actor.name,
      actor.id,
      ...noticesOf({ kind: "run", ids: rows.map(({ id }) => id), to: NEW.status }),
    ],
  );
  if (made === undefined) throw new Error("No run was written.");
  return made.createdAt;
}

const NO_KEY: { idempotencyKey: string | null; requestHash: string | null } = { idempotencyKey: null, requestHash: null };

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
