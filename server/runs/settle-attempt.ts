import { randomUUID } from "node:crypto";

import { limitsSchema, retryPolicySchema } from "../contracts/policy.ts";
import type { Limits } from "../contracts/policy.ts";
import type { UsageSample } from "../contracts/runs.ts";
import { LIMIT_NAMES } from "../contracts/statuses.ts";
import { joinGroup } from "../dead-letters/join-group.ts";
import type { Database, Transaction } from "../db/client.ts";
import type { Queue } from "../queue/queue.ts";
import { readSettings } from "../settings/read-settings.ts";
import { deliveryOf } from "./delivery-of.ts";
import { decideAfterAttempt } from "./decide-after-attempt.ts";
import type { Interruption } from "./decide-after-attempt.ts";
import { lockRun } from "./lock-run.ts";
import { settleSuccess } from "./settle-successes.ts";
import { finishAttempt, transitionRuns } from "./transition.ts";
import type { AttemptEnd } from "./transition.ts";

/** How an attempt ended, and the lease that allows it to be said. */
export type Settlement = {
  attemptId: string;
  leaseToken: string;
  /** With the outcome `worker_lost`: why it was given up. */
  interruption: Interruption | null;
  end: AttemptEnd;
};

/** What came of it: whether it was accepted, and in how many milliseconds the next attempt is due, if any. */
export type Settled = { accepted: boolean; nextDelayMs: number | null };

const REFUSED: Settled = { accepted: false, nextDelayMs: null };

/**
 * Records an attempt's end and what becomes of its run, in one transaction with the job that delivers the next attempt.
 * Refused, and nothing changes, when the lease is no longer the run's: whoever holds it now decides.
 * @param samples of the attempt's use of resources, written with a success
 */
export async function settleAttempt(database: Database, queue: Queue, runId: string, settlement: Settlement, samples: UsageSample[] = []): Promise<Settled> {
  const { attemptId, leaseToken, end } = settlement;
  const succeeded = end.outcome === "succeeded" && (await settleSuccess(database, { runId, attemptId, leaseToken, end, samples }));
  if (succeeded) return { accepted: true, nextDelayMs: null };
  return database.client.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    return run === null ? REFUSED : settleLocked(tx, queue, run, settlement);
  });
}

/** The same inside a transaction that already holds the run's row. */
export async function settleLocked(
  tx: Transaction,
  queue: Queue,
  run: NonNullable<Awaited<ReturnType<typeof lockRun>>>,
  { attemptId, leaseToken, interruption, end }: Settlement,
): Promise<Settled> {
  if (run.status !== "running" || run.leaseToken !== leaseToken) return REFUSED;
  if (!(await finishAttempt(tx, attemptId, leaseToken, end))) return REFUSED;

  const retry = retryPolicySchema.parse(run.retry);
  const limits = limitsSchema.parse(run.limits);
  const next = decideAfterAttempt({
    outcome: end.outcome,
    interruption,
    cancelRequested: run.cancelRequestedAt !== null,
    deadLetter: run.deadLetter,
    retry,
    exitCode: end.exitCode,
    limits,
    maxima: retry.memoryFactor === 1 && retry.timeoutFactor === 1 ? limits : await readMaxima(tx),
    counters: run,
    random: Math.random,
  });
  const again = next.delayMs === null ? null : { jobId: randomUUID(), at: new Date(run.now.getTime() + next.delayMs) };
  const { chargedFailures, interruptions, workerCrashes, internalErrors } = next.counters;
  const moved = await transitionRuns(tx, {
    ids: [run.id],
    from: ["running"],
    to: next.status,
    leaseToken,
    set: {
      leaseToken: null,
      limits: next.limits,
      fingerprint: next.status === "dead" ? await joinGroup(tx, run, attemptId, end) : null,
      outcome: end.outcome,
      message: end.message,
      jobId: again?.jobId ?? null,
      nextAttemptAt: again?.at ?? null,
      finishedAt: again === null ? run.now : null,
      chargedFailures,
      interruptions,
      workerCrashes,
      internalErrors,
    },
  });
  if (moved.length !== 1) throw new Error("A locked run moved under its lock.");
  if (again !== null) {
    // Due now is sent without a time: pg-boss only wakes a worker for what is due by the transaction's own clock.
    const startAfter = next.delayMs === 0 ? null : again.at;
    await queue.enqueue(tx, [deliveryOf({ ...run, limits: next.limits }, again.jobId, startAfter)]);
  }
  return { accepted: true, nextDelayMs: next.delayMs };
}

async function readMaxima(tx: Transaction): Promise<Limits> {
  const { limits } = (await readSettings(tx)).values;
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name].maximum])) as Limits;
}
