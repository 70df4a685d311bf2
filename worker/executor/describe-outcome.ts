import type { AttemptFacts } from "./outcome.ts";
import type { ExecutionOutcome } from "./types.ts";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

function bytes(value: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return `${Number((value / 1024 ** unit).toPrecision(3))} ${UNITS[unit]}`;
}

function time(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The outcome as a sentence for a person, with the numbers it rests on. */
export function describeOutcome(outcome: ExecutionOutcome, facts: AttemptFacts): string {
  const { evidence, exitCode, signal } = facts;
  const { limits, wallMs } = evidence;
  switch (outcome) {
    case "succeeded":
      return `Succeeded in ${time(wallMs)}.`;
    case "cancelled":
      return `Cancelled ${time(wallMs)} in; its whole process tree was ended.`;
    case "timeout":
      return `Ended at its time limit of ${time(limits.timeoutMs)}.`;
    case "output_limit":
      return `Ended because its output passed the limit of ${bytes(limits.outputMaxBytes)}, ${time(wallMs)} in.`;
    case "out_of_memory":
      if (evidence.oomKills === 0) return `Thrashed at its ${bytes(limits.memoryBytes)} memory limit until its time was up, ${time(wallMs)} in.`;
      // Far from its own limit: the limit of all scripts together, or the host's memory, was what ended.
      if (evidence.peakMemoryBytes < limits.memoryBytes * 0.5 && evidence.enforced)
        return `Killed by the kernel because this host ran out of memory, at ${bytes(evidence.peakMemoryBytes)} of its own ${bytes(limits.memoryBytes)}, ${time(wallMs)} in.`;
      return exitCode === 0
        ? `A process of it was killed at its ${bytes(limits.memoryBytes)} memory limit, although it exited with 0, ${time(wallMs)} in.`
        : `Killed at its ${bytes(limits.memoryBytes)} memory limit, ${time(wallMs)} in.`;
    case "process_limit":
      return `Failed with exit code ${exitCode ?? "none"} at its limit of ${limits.pidsMax} processes, ${time(wallMs)} in.`;
    case "disk_limit":
      return `Failed with exit code ${exitCode ?? "none"}: its ${bytes(limits.diskMaxBytes)} workspace was full, ${time(wallMs)} in.`;
    case "signal":
      return `Ended by ${signal ?? "a signal"}, which neither Corral nor the kernel's OOM killer sent, ${time(wallMs)} in.`;
    case "exit_nonzero":
      return `Exited with code ${exitCode ?? "none"} after ${time(wallMs)}.`;
    case "spawn_error":
      return `It could not be started: ${facts.spawnFailure ?? "unknown"}`;
    case "internal_error":
      return `Corral itself failed: ${facts.internalFailure ?? "unknown"}`;
  }
}
