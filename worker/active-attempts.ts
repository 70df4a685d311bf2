import type { Lease } from "#server/runs/lease-runs.ts";

/** Why an attempt is ended from outside before its script ended. */
export type AbortReason =
  /** A person asked. */
  | "cancel"
  /** The worker stops: the run goes on elsewhere, uncharged. */
  | "shutdown"
  /** The database was out of reach for so long that the lease may be another's. */
  | "fenced";

export type ActiveAttempt = { lease: Lease; signal: AbortSignal; abortedFor: () => AbortReason | null; settled: () => void };

/** The attempts that this worker executes now. */
export type ActiveAttempts = {
  add: (lease: Lease) => ActiveAttempt;
  runIds: () => string[];
  count: () => number;
  /** Ends the attempt of a run; a cancel that comes before its lease is known here is kept for it. */
  cancel: (runId: string) => void;
  abortAll: (reason: Exclude<AbortReason, "cancel">) => void;
  /** Resolves when none is left. */
  idle: () => Promise<void>;
};

/** A cancel may overtake the lease it is meant for by as much as a slow commit, never by this much. */
const EARLY_CANCEL_MS = 30_000;

/** Makes an empty register. */
export function createActiveAttempts(): ActiveAttempts {
  const active = new Map<string, { controller: AbortController; reason: AbortReason | null }>();
  const earlyCancels = new Map<string, NodeJS.Timeout>();
  let idleWaiters: (() => void)[] = [];

  const abort = (runId: string, reason: AbortReason) => {
    const attempt = active.get(runId);
    // The first reason wins: a shutdown does not turn a cancel into a retry.
    if (attempt === undefined || attempt.reason !== null) return;
    attempt.reason = reason;
    attempt.controller.abort(reason);
  };

  return {
    add: (lease) => {
      const attempt = { controller: new AbortController(), reason: null as AbortReason | null };
      active.set(lease.runId, attempt);
      if (earlyCancels.has(lease.runId)) {
        clearTimeout(earlyCancels.get(lease.runId));
        earlyCancels.delete(lease.runId);
        abort(lease.runId, "cancel");
      }
      return {
        lease,
        signal: attempt.controller.signal,
        abortedFor: () => attempt.reason,
        settled: () => {
          active.delete(lease.runId);
          if (active.size > 0) return;
          for (const resolve of idleWaiters) resolve();
          idleWaiters = [];
        },
      };
    },
    runIds: () => [...active.keys()],
    count: () => active.size,
    cancel: (runId) => {
      if (active.has(runId)) return abort(runId, "cancel");
      clearTimeout(earlyCancels.get(runId));
      earlyCancels.set(runId, setTimeout(() => earlyCancels.delete(runId), EARLY_CANCEL_MS).unref());
    },
    abortAll: (reason) => {
      for (const runId of active.keys()) abort(runId, reason);
    },
    idle: async () => {
      if (active.size > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve));
    },
  };
}
