import type { Limits, RetryPolicy } from "../contracts/policy.ts";
import type { Outcome, RunStatus } from "../contracts/statuses.ts";
import { backoffDelayMs } from "./backoff.ts";

/** A run whose worker dies this often in a row is taken to be what kills it (a poison run). */
export const POISON_AFTER_CRASHES = 3;
/** Our own faults are tried again this often in a row; beyond it they are not passing ones. */
export const INTERNAL_ERRORS_MAX = 5;

/** Why a worker gave an attempt up: it died, or it was told to stop (a deploy). Only dying points at the script. */
export type Interruption = "crash" | "shutdown";

export type RunCounters = {
  chargedFailures: number;
  interruptions: number;
  workerCrashes: number;
  internalErrors: number;
};

export type AfterAttemptInput = {
  outcome: Outcome;
  /** Set with `worker_lost`. */
  interruption: Interruption | null;
  cancelRequested: boolean;
  deadLetter: boolean;
  retry: RetryPolicy;
  exitCode: number | null;
  /** Those of the attempt that ended. */
  limits: Limits;
  /** The administrator's maxima, which no factor passes. */
  maxima: Limits;
  counters: RunCounters;
  random: () => number;
};

export type AfterAttempt = {
  status: Extract<RunStatus, "succeeded" | "retrying" | "dead" | "failed" | "cancelled">;
  /** Milliseconds until the next attempt; null when there is none. */
  delayMs: number | null;
  counters: RunCounters;
  /** Of the next attempt. */
  limits: Limits;
};

/**
 * What becomes of a run when an attempt has ended: design.md §3. Pure, so that every combination is tested.
 * Failures of the script are charged against maxRetries; interruptions never are.
 */
export function decideAfterAttempt(input: AfterAttemptInput): AfterAttempt {
  const next = decideStatus(input);
  return { ...next, limits: next.status === "retrying" ? limitsAfter(input) : input.limits };
}

function decideStatus(input: AfterAttemptInput): Omit<AfterAttempt, "limits"> {
  const { outcome, retry, counters } = input;
  const gaveUp: AfterAttempt["status"] = input.deadLetter ? "dead" : "failed";
  const settled: RunCounters = { ...counters, workerCrashes: 0, internalErrors: 0 };

  if (outcome === "succeeded") return { status: "succeeded", delayMs: null, counters: settled };
  if (outcome === "cancelled") return { status: "cancelled", delayMs: null, counters: settled };

  if (outcome === "worker_lost") {
    const next: RunCounters = {
      ...counters,
      interruptions: counters.interruptions + 1,
      workerCrashes: input.interruption === "shutdown" ? counters.workerCrashes : counters.workerCrashes + 1,
    };
    if (input.cancelRequested) return { status: "cancelled", delayMs: null, counters: next };
    if (next.workerCrashes >= POISON_AFTER_CRASHES) return { status: gaveUp, delayMs: null, counters: next };
    return { status: "retrying", delayMs: 0, counters: next };
  }

  if (outcome === "internal_error") {
    const next: RunCounters = {
      ...counters,
      interruptions: counters.interruptions + 1,
      workerCrashes: 0,
      internalErrors: counters.internalErrors + 1,
    };
    if (input.cancelRequested) return { status: "cancelled", delayMs: null, counters: next };
    if (next.internalErrors >= INTERNAL_ERRORS_MAX) return { status: gaveUp, delayMs: null, counters: next };
    return { status: "retrying", delayMs: backoffDelayMs(retry, next.internalErrors, input.random), counters: next };
  }

  const charged: RunCounters = { ...settled, chargedFailures: counters.chargedFailures + 1 };
  // Whoever asked for the end does not want another try, however this one ended.
  if (input.cancelRequested) return { status: "cancelled", delayMs: null, counters: charged };
  const mayRetry = isRetried(input) && charged.chargedFailures <= retry.maxRetries;
  if (!mayRetry) return { status: gaveUp, delayMs: null, counters: charged };
  return { status: "retrying", delayMs: backoffDelayMs(retry, charged.chargedFailures, input.random), counters: charged };
}

function isRetried({ outcome, exitCode, retry }: AfterAttemptInput): boolean {
  if (outcome === "exit_nonzero" && exitCode !== null) {
    if (retry.finalExitCodes.includes(exitCode)) return false;
    if (retry.retryExitCodes.includes(exitCode)) return true;
  }
  return (retry.retryOn as readonly Outcome[]).includes(outcome);
}

/** What an attempt died of it gets more of, up to the maximum; a limit that is above it already stays as it is. */
function limitsAfter({ outcome, limits, maxima, retry }: AfterAttemptInput): Limits {
  const raised = (name: "memoryBytes" | "timeoutMs", factor: number) => ({
    ...limits,
    [name]: Math.max(limits[name], Math.min(Math.ceil(limits[name] * factor), maxima[name])),
  });
  if (outcome === "out_of_memory") return raised("memoryBytes", retry.memoryFactor);
  if (outcome === "timeout") return raised("timeoutMs", retry.timeoutFactor);
  return limits;
}
