import { limitsInputSchema, limitsSchema, retryInputSchema, retryPolicySchema } from "../contracts/policy.ts";
import type { Attempt, Run, RunSummary } from "../contracts/runs.ts";
import { usageSchema } from "../contracts/runs.ts";
import type { Attempt as AttemptRow, Requeue as RequeueRow, Run as RunRow } from "../db/generated/client.ts";
import type { Fleet } from "../workers/read-fleet.ts";
import type { Policy } from "./resolve-policy.ts";
import { waitingReason } from "./waiting-reason.ts";

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** An attempt's row as the contract shows it. */
export function toAttempt(row: AttemptRow): Attempt {
  return {
    number: row.number,
    status: row.status,
    outcome: row.outcome,
    message: row.message,
    exitCode: row.exitCode,
    signal: row.signal,
    startedAt: row.startedAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    workerId: row.workerId,
    limits: limitsSchema.parse(row.limits),
    usage: usageSchema.nullable().parse(row.usage),
    output: {
      stdoutBytes: Number(row.stdoutBytes),
      stderrBytes: Number(row.stderrBytes),
      droppedBytes: Number(row.droppedBytes),
      removedAt: iso(row.outputRemovedAt),
    },
    evidence: row.evidence as Attempt["evidence"],
    enforced: row.enforced,
  };
}

const shared = (row: RunRow & { attempts: AttemptRow[] }, fleet: Fleet | null) => ({
  id: row.id,
  name: row.name,
  language: row.language,
  status: row.status,
  outcome: row.outcome,
  message: row.message,
  lane: row.lane,
  tags: row.tags,
  priority: row.priority,
  deadLetter: row.deadLetter,
  network: row.network,
  createdAt: row.createdAt.toISOString(),
  startedAt: iso(row.startedAt),
  finishedAt: iso(row.finishedAt),
  nextAttemptAt: iso(row.nextAttemptAt),
  cancelRequestedAt: iso(row.cancelRequestedAt),
  waitingReason: waitingReason(row, fleet, new Date()),
  chargedFailures: row.chargedFailures,
  interruptions: row.interruptions,
  workerCrashes: row.workerCrashes,
  enforced: row.attempts.at(-1)?.enforced ?? null,
});

type WholeRow = RunRow & { attempts: AttemptRow[]; requeues: RequeueRow[] };

/** A run's row with its attempts, oldest first, as the contract shows it. @param fleet whom it may wait for; null when that is not known */
export function toRun(row: WholeRow, fleet: Fleet | null): Run {
  return show(row, { limits: limitsSchema.parse(row.limits), retry: retryPolicySchema.parse(row.retry) }, fleet);
}

/** The same of a run that was just written: its policy has just been resolved, and nothing has happened to it. */
export function toNewRun(row: RunRow & Policy, fleet: Fleet | null): Run {
  return show({ ...row, attempts: [], requeues: [] }, row, fleet);
}

function show(row: WholeRow, { limits, retry }: Policy, fleet: Fleet | null): Run {
  return {
    ...shared(row, fleet),
    args: row.args,
    limits,
    retry,
    attempts: row.attempts.map(toAttempt),
    requeues: row.requeues.map(({ at, by, afterAttempt, operationId, limits, retry }) => ({
      at: at.toISOString(),
      by,
      afterAttempt,
      operationId,
      limits: limitsInputSchema.nullable().parse(limits),
      retry: retryInputSchema.nullable().parse(retry),
    })),
  };
}

/** A run's row with its last attempt as a list shows it. @param fleet whom it may wait for; null when that is not known */
export function toRunSummary(row: RunRow & { attempts: AttemptRow[] }, fleet: Fleet | null): RunSummary {
  const limits = limitsSchema.parse(row.limits);
  const last = row.attempts.at(-1);
  const usage = usageSchema.nullable().parse(last?.usage ?? null);
  return {
    ...shared(row, fleet),
    attemptCount: row.attemptCount,
    maxAttempts: retryPolicySchema.parse(row.retry).maxRetries + 1,
    timeoutMs: limits.timeoutMs,
    memoryBytes: limits.memoryBytes,
    lastAttempt:
      last === undefined
        ? null
        : {
            number: last.number,
            startedAt: last.startedAt.toISOString(),
            finishedAt: iso(last.finishedAt),
            wallMs: usage?.wallMs ?? null,
            peakMemoryBytes: usage?.peakMemoryBytes ?? null,
            exitCode: last.exitCode,
            enforced: last.enforced,
          },
  };
}
