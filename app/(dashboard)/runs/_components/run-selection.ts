import type { RunSummary } from "#server/contracts/runs.ts";
import { OPEN_STATUSES } from "#server/contracts/statuses.ts";
import type { RunStatus } from "#server/contracts/statuses.ts";

/** What of a run tells whether something can be done to it. */
export type SelectedRun = Pick<RunSummary, "id" | "name" | "status" | "cancelRequestedAt">;

/**
 * Selected runs by id, each as it was last seen: refreshing, paging, sorting and filters can't change which they are.
 */
export type RunSelection = ReadonlyMap<string, SelectedRun>;

/** As many as the server does something to at once. */
export const SELECTION_MAX = 500;

/** Selects or unselects runs; beyond the most that can be selected none is added. */
export function select(selection: RunSelection, runs: readonly SelectedRun[], on: boolean): RunSelection {
  const next = new Map(selection);
  for (const run of runs) {
    if (!on) next.delete(run.id);
    else if (next.has(run.id) || next.size < SELECTION_MAX) next.set(run.id, run);
  }
  return next;
}

/** The selection with what is known now of the runs on the page. */
export function refreshed(selection: RunSelection, runs: readonly SelectedRun[]): SelectedRun[] {
  const now = new Map(runs.map((run) => [run.id, run]));
  return [...selection.values()].map((run) => now.get(run.id) ?? run);
}

/** The rows from one to another, both included, in either direction; just the second when the first is not on the page. */
export function rowsBetween<T extends { id: string }>(rows: readonly T[], anchorId: string | null, id: string): T[] {
  const to = rows.findIndex((row) => row.id === id);
  if (to === -1) return [];
  const from = rows.findIndex((row) => row.id === anchorId);
  return from === -1 ? rows.slice(to, to + 1) : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** Whether a run can be cancelled: it has not ended, and nobody has asked for it yet. */
export const isCancellable = ({ status, cancelRequestedAt }: SelectedRun) =>
  (OPEN_STATUSES as readonly RunStatus[]).includes(status) && (cancelRequestedAt === null || status !== "running");

/** Whether a run can be queued again, or its next attempt brought forward. */
export const isRetryable = ({ status }: SelectedRun) => status === "dead" || status === "failed" || status === "retrying";
