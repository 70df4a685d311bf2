import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { UNPACKED_SIZE, unpack } from "#server/runs/packed-bytes.ts";
import type { PackedBytes } from "#server/runs/packed-bytes.ts";

import type { Rig } from "./rig/rig.ts";
import type { Witness } from "./witness.ts";
import type { Submission } from "./workload.ts";

export type RunRow = {
  id: string;
  name: string;
  status: string;
  outcome: string | null;
  message: string | null;
  attempt_count: number;
  charged_failures: number;
  interruptions: number;
  worker_crashes: number;
  max_retries: number;
  requeues: number;
  job_id: string | null;
  lease_token: string | null;
  idempotency_key: string | null;
  created_at: Date;
  finished_at: Date | null;
};

export type AttemptRow = {
  id: string;
  run_id: string;
  number: number;
  status: string;
  outcome: string | null;
  message: string | null;
  lease_token: string;
  worker_id: string;
  started_at: Date;
  finished_at: Date | null;
  stdout_bytes: string;
  stderr_bytes: string;
  dropped_bytes: string;
  wall_ms: number | null;
};

export type History = { runs: RunRow[]; attempts: AttemptRow[] };

const OPEN = new Set(["queued", "running", "retrying"]);
const CHARGED = new Set(["timeout", "output_limit", "out_of_memory", "process_limit", "disk_limit", "signal", "exit_nonzero", "spawn_error"]);

/** Reads what the tables say of the runs with a tag. */
export async function readHistory({ store }: Rig, tag: string): Promise<History> {
  const runs = await store.query<RunRow>(
    `SELECT id, name, status::text, outcome::text, message, attempt_count, charged_failures, interruptions, worker_crashes,
       (retry->>'maxRetries')::int AS max_retries,
       (SELECT count(*)::int FROM requeue WHERE run_id = run.id) AS requeues, job_id, lease_token, idempotency_key, created_at, finished_at
     FROM run WHERE $1 = ANY(tags) ORDER BY id`,
    [tag],
  );
  const attempts = await store.query<AttemptRow>(
    `SELECT id, run_id, number, status::text, outcome::text, message, lease_token, worker_id, started_at, finished_at,
       stdout_bytes, stderr_bytes, dropped_bytes, (usage->>'wallMs')::float8 AS wall_ms
     FROM attempt WHERE run_id = ANY($1::uuid[]) ORDER BY run_id, number`,
    [runs.map(({ id }) => id)],
  );
  return { runs, attempts };
}

/** The run of a submit: the one that was acknowledged; of one that was not, the one that was made all the same, if any. */
const idOf = ({ id, key }: Submission, runs: RunRow[]): string | undefined => id ?? runs.find(({ idempotency_key }) => idempotency_key === key)?.id;

export const isOpen = ({ status }: Pick<RunRow, "status">) => OPEN.has(status);

/** Everything that a history may never show, whatever broke meanwhile; nothing is open any more. */
export async function checkHistory(rig: Rig, witness: Witness, submissions: Submission[], { runs, attempts }: History): Promise<string[]> {
  const violations: string[] = [];
  const violation = (text: string) => violations.push(text);
  const byKey = Map.groupBy(runs, ({ idempotency_key }) => idempotency_key);

  for (const submission of submissions) {
    const { key, kind, kindName } = submission;
    const id = idOf(submission, runs);
    if (id === undefined) continue;
    const made = byKey.get(key) ?? [];
    if (key !== "" && made.length !== 1) violation(`${kindName} ${id}: acknowledged once, and there are ${made.length} runs of it`);
    const run = runs.find((row) => row.id === id);
    if (run === undefined) violation(`${kindName} ${id}: acknowledged and lost`);
    else if (!kind.ends.includes(run.status) && !kind.ends.includes(`${run.status} ${run.outcome}`))
      violation(`${kindName} ${id}: ended as ${run.status} ${run.outcome} (${run.message}), not as ${kind.ends.join(" or ")}`);
    else if (run.charged_failures !== kind.charged) violation(`${kindName} ${id}: ${run.charged_failures} charged failures, not ${kind.charged}`);
  }
  const acknowledged = new Set(submissions.map((submission) => idOf(submission, runs)));
  for (const { id, name } of runs) if (!acknowledged.has(id)) violation(`${name} ${id}: a ghost that nobody was told of`);

  for (const run of runs) {
    const mine = attempts.filter(({ run_id }) => run_id === run.id);
    const say = (text: string) => violation(`${run.name} ${run.id}: ${text}`);
    if (isOpen(run)) say(`is still ${run.status} after ${run.attempt_count} attempts`);
    if (run.finished_at === null && !isOpen(run)) say("ended without a time");
    if (!isOpen(run) && (run.job_id !== null || run.lease_token !== null)) say("ended and still has a job or a lease");
    if (run.attempt_count !== mine.length) say(`counts ${run.attempt_count} attempts and has ${mine.length}`);
    if (mine.some(({ number }, index) => number !== index + 1)) say(`its attempts are numbered ${mine.map(({ number }) => number).join(", ")}`);
    const succeeded = mine.filter(({ outcome }) => outcome === "succeeded");
    if (succeeded.length > 1) say(`succeeded ${succeeded.length} times`);
    if (succeeded.length === 1 && mine.at(-1)?.outcome !== "succeeded") say("was executed again after it had succeeded");
    const charged = mine.filter(({ outcome }) => outcome !== null && CHARGED.has(outcome)).length;
    const allowed = (run.max_retries + 1) * (run.requeues + 1);
    if (charged > allowed) say(`${charged} attempts were charged, at most ${allowed} may be`);
    if (new Set(mine.map(({ lease_token }) => lease_token)).size !== mine.length) say("two attempts share a lease");
    for (const attempt of mine) if (!isOpen(run) && attempt.status !== "finished") say(`attempt ${attempt.number} is still ${attempt.status}`);
    for (const { attempt, sandboxes } of witness.seen(run.id)) {
      if (sandboxes.size > 1) say(`attempt ${attempt} was seen in ${sandboxes.size} sandboxes: ${[...sandboxes].join(", ")}`);
      if (attempt > mine.length) say(`attempt ${attempt} was seen to live and is not recorded`);
    }
  }
  violations.push(...witness.overlaps());
  violations.push(...(await checkOutput(rig, runs, attempts, submissions)));
  violations.push(...(await checkQueue(rig, runs)));
  return violations;
}

async function checkOutput({ store }: Rig, runs: RunRow[], attempts: AttemptRow[], submissions: Submission[]): Promise<string[]> {
  const chunks = await store.query<{ attempt_id: string; count: number; last: number; first: number; bytes: string; dropped: string }>(
    `SELECT attempt_id, count(*)::int AS count, max(seq) AS last, min(seq) AS first, sum(${UNPACKED_SIZE}) FILTER (WHERE dropped_bytes IS NULL) AS bytes, sum(dropped_bytes) AS dropped
     FROM output_chunk WHERE attempt_id = ANY($1::uuid[]) GROUP BY attempt_id`,
    [attempts.map(({ id }) => id)],
  );
  const violations: string[] = [];
  for (const attempt of attempts) {
    const stored = chunks.find(({ attempt_id }) => attempt_id === attempt.id);
    const where = `run ${attempt.run_id}, attempt ${attempt.number}`;
    if (stored !== undefined && (stored.first !== 1 || stored.last !== stored.count))
      violations.push(`${where}: its output has gaps (${stored.count} pieces, ${stored.first} to ${stored.last})`);
    // Of an attempt whose worker was lost nobody knows how much it printed.
    if (attempt.outcome === "worker_lost" || attempt.status !== "finished") continue;
    const kept = Number(stored?.bytes ?? 0) + Number(attempt.dropped_bytes);
    const printed = Number(attempt.stdout_bytes) + Number(attempt.stderr_bytes);
    if (kept !== printed) violations.push(`${where}: printed ${printed} bytes, and ${kept} are stored or marked as dropped`);
  }
  for (const submission of submissions) {
    const { kind, kindName } = submission;
    const id = idOf(submission, runs);
    const run = runs.find((row) => row.id === id);
    if (kind.stdout === undefined || run?.status !== "succeeded") continue;
    const last = attempts.findLast(({ run_id }) => run_id === id);
    const pieces = await store.query<PackedBytes>(
      `SELECT bytes, unpacked_size AS "unpackedSize" FROM output_chunk WHERE attempt_id = $1 AND stream = 'stdout' ORDER BY seq`,
      [last?.id],
    );
    const stdout = Buffer.concat(pieces.map(unpack)).toString();
    if (stdout !== kind.stdout) violations.push(`${kindName} ${id}: its stdout is ${stdout.length} characters, not the ${kind.stdout.length} that it printed`);
  }
  return violations;
}

async function checkQueue({ store }: Rig, runs: RunRow[]): Promise<string[]> {
  const ended = runs.filter((run) => !isOpen(run)).map(({ id }) => id);
  const jobs = await store.query<{ run: string; state: string }>(
    `SELECT data->>'runId' AS run, state::text FROM pgboss.job WHERE data->>'runId' = ANY($1::text[]) AND state IN ('created', 'retry', 'active')`,
    [ended],
  );
  return jobs.map(({ run, state }) => `run ${run}: has ended and still has a job that is ${state}`);
}

/** Scripts of ended runs that live. */
export const survivors = (witness: Witness, runIds: ReadonlySet<string>): string[] =>
  witness.alive(runIds).map(({ pid, runId, attempt }) => `process ${pid} of run ${runId}, attempt ${attempt}, still lives`);

/** What an ended round may not leave on the hosts' disks: results, manifests. Empty when all of it is gone. */
export function leftovers(rig: Rig, runIds: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const { name, dataDir } of [rig.a, rig.b]) {
    for (const directory of ["journal", "executor/attempts"]) {
      for (const file of listed(join(dataDir, directory)))
        if (mentions(join(dataDir, directory, file), runIds)) found.push(`host ${name} still has ${directory}/${file}`);
    }
  }
  return found;
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function mentions(path: string, runIds: ReadonlySet<string>): boolean {
  try {
    const text = readFileSync(path, "utf8");
    return [...runIds].some((id) => text.includes(id));
  } catch {
    return false;
  }
}
