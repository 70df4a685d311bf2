import type { Evidence, ExecutionOutcome } from "./types.ts";

/** Why we ended an attempt ourselves; the first reason stands. */
export type TerminationReason = "cancel" | "timeout" | "output_limit" | "oom";

/** Everything known when an attempt has ended. */
export type AttemptFacts = {
  terminatedFor: TerminationReason | null;
  /** The script could not be started: why. */
  spawnFailure: string | null;
  /** We failed: why. */
  internalFailure: string | null;
  exitCode: number | null;
  signal: string | null;
  evidence: Omit<Evidence, "signalSentBy" | "exitCode" | "signal" | "detail">;
};

/** So little left means that the workspace was full: less than one page of every file a script may still want. */
const DISK_FULL_BYTES = 16 * 1024;

/**
 * How the attempt ended: the first row of design.md §3 that holds. Our own fault comes right after a person's wish, so that
 * no counter of an attempt that we failed is read as the script's doing. Pure.
 */
export function decideOutcome({ terminatedFor, spawnFailure, internalFailure, exitCode, signal, evidence }: AttemptFacts): ExecutionOutcome {
  if (terminatedFor === "cancel") return "cancelled";
  if (internalFailure !== null) return "internal_error";
  // At its limit and refaulting until its time was up: memory is what it lacked.
  if (terminatedFor === "timeout") return evidence.thrashing ? "out_of_memory" : "timeout";
  if (terminatedFor === "output_limit") return "output_limit";
  // Also when the sandbox could not be made: a limit too small for it is a limit that was hit.
  if (terminatedFor === "oom" || evidence.oomKills > 0) return "out_of_memory";
  if (spawnFailure !== null) return "spawn_error";
  const failed = exitCode !== 0;
  if (failed && evidence.pidsLimitHits > 0) return "process_limit";
  if (failed && evidence.diskFreeBytes !== null && evidence.diskFreeBytes < DISK_FULL_BYTES) return "disk_limit";
  if (signal !== null) return "signal";
  return failed ? "exit_nonzero" : "succeeded";
}

/** Who sent the signal that ended the script. */
export function signalSender({ terminatedFor, signal, evidence }: AttemptFacts): Evidence["signalSentBy"] {
  if (signal === null) return null;
  if (evidence.oomKills > 0 && signal === "SIGKILL") return "oom_killer";
  return terminatedFor === null ? "script" : "corral";
}
