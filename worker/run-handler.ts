import type { Interruption } from "#server/runs/decide-after-attempt.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import type { Settled, Settlement } from "#server/runs/settle-attempt.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import type { Queue } from "#server/queue/queue.ts";
import { secretKeys } from "#server/secrets/key-ring.ts";
import { openEnv } from "#server/secrets/stored-env.ts";

import type { AbortReason, ActiveAttempts } from "./active-attempts.ts";
import type { ExecutionResult, Executor } from "./executor/types.ts";
import { deliver } from "./journal.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { createOutputSpill } from "./output-spill.ts";
import { createOutputWriter } from "./output-writer.ts";
import { createUsageWriter } from "./usage-writer.ts";

export type RunHandlerOptions = {
  database: Database;
  queue: Queue;
  executor: Executor;
  journal: Journal;
  active: ActiveAttempts;
  settings: () => SettingsValues;
};

/** How long the last output may hold a result up; what is left then goes into the journal with it. */
const OUTPUT_PATIENCE_MS = 2_000;
const RETRY_MS = { first: 50, most: 1_000 };

/**
 * Executes a leased attempt and settles it: the one road from a lease to a result. Resolves once the result is
 * committed, or known to be another's to give.
 */
export async function handleLease(options: RunHandlerOptions, lease: Lease): Promise<Settled> {
  const { database, queue, executor, journal, active } = options;
  const opened = open(lease);
  if (typeof opened === "string") return deliverPatiently(database, queue, { lease, settlement: undecryptable(lease, opened), output: [], spill: null });
  const attempt = active.add(lease);
  const { termination } = options.settings();
  const startedAt = Date.now();
  const output = createOutputWriter(database, lease, createOutputSpill(journal.spillPath(lease.attemptId)), () => startedAt);
  const usage = createUsageWriter(database, lease);
  try {
    const result = await executor.execute(
      {
        id: `${lease.runId}.${lease.attempt}`,
        runId: lease.runId,
        attempt: lease.attempt,
        language: lease.language,
        source: lease.source,
        args: lease.args,
        env: opened.env,
        secrets: opened.secrets,
        stdin: lease.stdin,
        limits: lease.limits,
        network: lease.network,
        gracePeriodMs: termination.gracePeriodMs,
        onOutputLimit: termination.onOutputLimit,
      },
      { signal: attempt.signal, onOutput: output.write, onUsage: usage.write },
    );
    const settlement = toSettlement(lease, result, attempt.abortedFor());
    const [unwritten] = await Promise.all([
      output.finish(OUTPUT_PATIENCE_MS),
      usage.finish(),
      // At once, with all the output that may get lost: from here on a script that has ended is not run again. Storing output twice
      // changes nothing. A full disk must not keep the result from the database; it is only not safe until it is there.
      journal
        .record({ lease, settlement, output: output.unwritten(), spill: output.spilled() })
        .catch((error: unknown) => log.error({ err: error, runId: lease.runId }, "a result could not be written to the journal")),
    ]);
    const settled = await deliverPatiently(database, queue, { lease, settlement, output: unwritten, spill: output.spilled() });
    await journal.forget(lease.attemptId);
    if (!settled.accepted) log.warn({ runId: lease.runId, attempt: lease.attempt }, "the lease was lost; its result is dropped");
    return settled;
  } finally {
    attempt.settled();
  }
}

/** What the script is to get, with what is secret of it; or why that can't be had. */
function open({ env }: Lease): ReturnType<typeof openEnv> | string {
  try {
    return openEnv(secretKeys(), env);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function undecryptable({ attemptId, leaseToken }: Lease, reason: string): Settlement {
  const message = `It was not started. ${reason}`;
  return { attemptId, leaseToken, interruption: null, end: { outcome: "internal_error", message, exitCode: null, signal: null, finishedAt: new Date() } };
}

/** Tries until the database took the result or refused it: a script that has ended is not run again because it was away. */
async function deliverPatiently(database: Database, queue: Queue, entry: JournalEntry): Promise<Settled> {
  for (let waitMs = RETRY_MS.first; ; waitMs = Math.min(waitMs * 2, RETRY_MS.most)) {
    try {
      return await deliver(database, queue, entry);
    } catch (error) {
      log.warn({ err: error, runId: entry.lease.runId }, "a result could not be delivered yet; it is kept in the journal");
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

const INTERRUPTED: Record<Exclude<AbortReason, "cancel">, string> = {
  shutdown: "Interrupted because its worker was shut down. It runs again, and it is not charged against the run's retries.",
  fenced: "Ended because its worker could not reach the database. It runs again, and it is not charged against the run's retries.",
};

function toSettlement(lease: Lease, result: ExecutionResult, abortedFor: AbortReason | null): Settlement {
  // What ended by itself in the same moment keeps its own outcome: nothing is run twice for nothing.
  const interruptedFor = result.outcome === "cancelled" && abortedFor !== null && abortedFor !== "cancel" ? abortedFor : null;
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
