import { randomBytes } from "node:crypto";

import type { Actor } from "../context.ts";
import type { SubmitRun } from "../contracts/runs.ts";
import type { Transaction } from "../db/client.ts";
import type { Run } from "../db/generated/client.ts";
import type { acceptRun } from "./accept-run.ts";
import { contentOf } from "./accept-run.ts";

/** A run that was accepted, with the body it came in and the job that will deliver it. */
export type NewRun = { accepted: Awaited<ReturnType<typeof acceptRun>>; body: SubmitRun; jobId: string };

/**
 * Writes runs and their contents, each in one statement of two parameters, and returns their rows in the order given. Prisma would work out
 * a plan for each of a thousand rows' values anew, which takes ten times as long as writing them.
 */
export async function insertRuns(tx: Transaction, { id: submitterId, name: submittedBy }: Actor, runs: readonly NewRun[]): Promise<Run[]> {
  const ids = newRunIds(runs.length, Date.now());
  const rows = runs.map(({ accepted, jobId }, index) => ({ ...accepted.row, id: ids[index] ?? "", jobId, submittedBy, submitterId }));
  const [made] = await tx.$queryRaw<{ createdAt: Date }[]>`
    WITH made AS (
      INSERT INTO run (id, name, language, args, lane, limits, retry, tags, priority, dead_letter, network, secret_key, submitted_by, submitter_id, job_id)
      SELECT id, name, language, ARRAY(SELECT jsonb_array_elements_text(args)), lane::lane, limits, retry, ARRAY(SELECT jsonb_array_elements_text(tags)),
        priority, "deadLetter", network, "secretKey", "submittedBy", "submitterId", "jobId"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS given(
        id uuid, name text, language text, args jsonb, lane text, limits jsonb, retry jsonb, tags jsonb, priority int, "deadLetter" boolean, network boolean,
        "secretKey" text, "submittedBy" text, "submitterId" text, "jobId" uuid
      )
      RETURNING created_at
    )
    SELECT created_at AS "createdAt" FROM made LIMIT 1`;
  if (made === undefined) throw new Error("No run was written.");
  const contents = runs.map(({ accepted, body }, index) => ({ runId: ids[index], ...contentOf(body, accepted.env, accepted.row) }));
  await tx.$executeRaw`
    INSERT INTO run_content (run_id, source, stdin, env, name, tags)
    SELECT "runId", source, stdin, env, name, ARRAY(SELECT jsonb_array_elements_text(tags))
    FROM jsonb_to_recordset(${JSON.stringify(contents)}::jsonb) AS given("runId" uuid, source text, stdin text, env jsonb, name text, tags jsonb)`;
  return rows.map((row) => ({ ...NEW, ...row, createdAt: made.createdAt }));
}

/** What a run is before anything has happened to it: the table's defaults. */
const NEW = {
  status: "queued",
  outcome: null,
  message: null,
  startedAt: null,
  finishedAt: null,
  nextAttemptAt: null,
  cancelRequestedAt: null,
  idempotencyKey: null,
  requestHash: null,
  leaseToken: null,
  attemptCount: 0,
  chargedFailures: 0,
  interruptions: 0,
  internalErrors: 0,
  workerCrashes: 0,
  fingerprint: null,
} as const satisfies Partial<Run>;

/** The numbers that fit between the moment and the random part of an id (RFC 9562, 6.2, method 1). */
const COUNTED = 4096;

/** Ids of runs that are made at one moment, rising in their order: lists are in the order of ids. */
export function newRunIds(count: number, nowMs: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const moment = (nowMs + Math.floor(index / COUNTED)).toString(16).padStart(12, "0");
    const counted = (index % COUNTED).toString(16).padStart(3, "0");
    const random = randomBytes(8);
    random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
    const rest = random.toString("hex");
    return `${moment.slice(0, 8)}-${moment.slice(8)}-7${counted}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  });
}
