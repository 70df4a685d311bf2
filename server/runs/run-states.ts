import type { RunStatus } from "../contracts/statuses.ts";

/** Every move a run can make. A status that is not named as a target of another can't be reached from it. */
export const RUN_TRANSITIONS: Record<RunStatus, readonly RunStatus[]> = {
  queued: ["running", "cancelled"],
  running: ["succeeded", "retrying", "dead", "failed", "cancelled"],
  retrying: ["running", "cancelled"],
  succeeded: [],
  failed: ["queued"],
  dead: ["queued", "discarded"],
  cancelled: [],
  discarded: [],
};

/** Whether a run may move from one status to the other. */
export function canTransition(from: RunStatus, to: RunStatus): boolean {
  return RUN_TRANSITIONS[from].includes(to);
}
