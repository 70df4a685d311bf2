import type { Interruption } from "#server/runs/decide-after-attempt.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import type { Settlement } from "#server/runs/settle-attempt.ts";

import type { AbortReason } from "./active-attempts.ts";
import type { ExecutionResult } from "./executor/types.ts";

const INTERRUPTED: Record<Exclude<AbortReason, "cancel">, string> = {
  shutdown: "Interrupted because its worker was shut down. It runs again, and it is not charged against the run's retries.",
  fenced: "Ended because its worker stood still or could not reach the database. It runs again, and it is not charged against the run's retries.",
};

/**
 * What an attempt's result says to its run.
 * @param abortedFor why it was ended from outside, if it was
 */
export function toSettlement(
  lease: Pick<Lease, "attemptId" | "leaseToken" | "startedAt">,
  result: ExecutionResult,
  abortedFor: AbortReason | null,
): Settlement {
  // What ended by itself in the same moment keeps its own outcome: nothing is run twice for nothing. What was ended and nobody said
  // why was ended by the deadline or by the executor's closing, never by a person.
  const interruptedFor = result.outcome === "cancelled" && abortedFor !== "cancel" ? (abortedFor ?? "fenced") : null;
  const interruption: Interruption | null = interruptedFor === null ? null : "shutdown";
  return {
    attemptId: lease.attemptId,
    leaseToken: lease.leaseToken,
    interruption,
    end: {
      outcome: interruptedFor === null ? result.outcome : "worker_lost",
      message: interruptedFor === null ? result.message : INTERRUPTED[interruptedFor],
      exitCode: result.exitCode,
      signal: result.signal,
      // The attempt began by the database's clock; its length was measured by a monotonic one.
      finishedAt: new Date(lease.startedAt.getTime() + Math.round(result.usage.wallMs)),
      usage: result.usage,
      evidence: result.evidence,
      stdoutBytes: result.output.stdoutBytes,
      stderrBytes: result.output.stderrBytes,
      droppedBytes: result.output.droppedBytes,
    },
  };
}

/** What an attempt says to its run whose script could not be given what it is to get: our own fault, told with its reason. */
export const neverStarted = (lease: Held, reason: string): Settlement => ourFault(lease, `It was not started. ${reason}`);

/** The same of one that was started, and whose result was lost on its way. */
export const brokeOff = (lease: Held, reason: string): Settlement => ourFault(lease, `Its worker failed before its result was known. ${reason}`);

type Held = Pick<Lease, "attemptId" | "leaseToken">;

function ourFault({ attemptId, leaseToken }: Held, message: string): Settlement {
  return { attemptId, leaseToken, interruption: null, end: { outcome: "internal_error", message, exitCode: null, signal: null, finishedAt: new Date() } };
}
