import type { Outcome } from "../contracts/statuses.ts";
import type { GroupKey } from "./fingerprint.ts";

const ENDED: Partial<Record<Outcome, string>> = {
  timeout: "Reached its time limit",
  output_limit: "Wrote more than its output limit",
  out_of_memory: "Ran out of memory",
  process_limit: "Reached its process limit",
  disk_limit: "Filled its workspace",
  spawn_error: "Could not be started",
  worker_lost: "Its workers were lost",
  internal_error: "Corral's own fault",
};

/** What a group is called: the line that tells of the error, or else how its attempts ended. */
export function titleOf({ outcome, exitCode, signal, line }: Omit<GroupKey, "script">): string {
  if (outcome === "exit_nonzero") return line ?? `Exit code ${exitCode ?? "unknown"}`;
  if (outcome === "signal") return line ?? `Ended by ${signal ?? "a signal"}`;
  const ended = ENDED[outcome] ?? outcome;
  return line === null ? ended : `${ended}: ${line}`;
}
