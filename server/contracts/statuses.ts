/** The words for where a run stands and how an attempt ended. Free of Zod, so that the browser may import it for nothing. */

export const RUN_STATUSES = ["queued", "running", "retrying", "succeeded", "failed", "dead", "cancelled", "discarded"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses from which nothing moves by itself. A dead letter waits for a person; `queued` follows only from a retry. */
export const ENDED_STATUSES = ["succeeded", "failed", "dead", "cancelled", "discarded"] as const satisfies readonly RunStatus[];

/** Whether a run that stands so has ended. */
export const isEnded = (status: RunStatus): boolean => (ENDED_STATUSES as readonly RunStatus[]).includes(status);

/** Statuses that a cancel can end. */
export const OPEN_STATUSES = ["queued", "running", "retrying"] as const satisfies readonly RunStatus[];

/** Statuses from which a person may queue a run again. */
export const RETRYABLE_STATUSES = ["dead", "failed"] as const satisfies readonly RunStatus[];

export const OUTCOMES = [
  "succeeded",
  "cancelled",
  "timeout",
  "output_limit",
  "out_of_memory",
  "process_limit",
  "disk_limit",
  "signal",
  "exit_nonzero",
  "spawn_error",
  "worker_lost",
  "internal_error",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that the retry policy may name; the others are decided by rule (see server/runs/decide-after-attempt.ts). */
export const POLICY_OUTCOMES = [
  "timeout",
  "output_limit",
  "out_of_memory",
  "process_limit",
  "disk_limit",
  "signal",
  "exit_nonzero",
  "spawn_error",
] as const satisfies readonly Outcome[];

/** Retried by default: a second try can end otherwise. The rest repeat themselves. */
export const RETRIED_BY_DEFAULT = ["timeout", "out_of_memory", "signal", "exit_nonzero"] as const satisfies readonly (typeof POLICY_OUTCOMES)[number][];

export const LANES = ["batch", "interactive"] as const;
export type Lane = (typeof LANES)[number];

export const ATTEMPT_STATUSES = ["running", "finished"] as const;

export const LIMIT_NAMES = ["timeoutMs", "memoryBytes", "cpuMillis", "pidsMax", "outputMaxBytes", "diskMaxBytes"] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** The smallest value of each limit that still lets an interpreter start. */
export const LIMIT_FLOORS: Record<LimitName, number> = {
  timeoutMs: 100,
  memoryBytes: 16 * 1024 * 1024,
  cpuMillis: 10,
  pidsMax: 8,
  outputMaxBytes: 1024,
  diskMaxBytes: 1024 * 1024,
};

export const ROLES = ["viewer", "operator", "administrator"] as const;
export type Role = (typeof ROLES)[number];

export const WORKER_STATUSES = ["active", "draining", "stopped", "lost"] as const;
export type WorkerStatus = (typeof WORKER_STATUSES)[number];
