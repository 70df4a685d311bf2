import type { Lease } from "#server/runs/lease-runs.ts";
import type { Settled } from "#server/runs/settle-attempt.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import type { Database } from "#server/db/client.ts";
import { log, withLogFields } from "#server/log.ts";
import type { Queue } from "#server/queue/queue.ts";
import { secretKeys } from "#server/secrets/key-ring.ts";
import { openEnv } from "#server/secrets/stored-env.ts";

import type { ActiveAttempts } from "./active-attempts.ts";
import type { Executor, UsageSample } from "./executor/types.ts";
import { deliver } from "./journal.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { createOutputSpill } from "./output-spill.ts";
import { createOutputWriter } from "./output-writer.ts";
import type { OutputWriter } from "./output-writer.ts";
import { brokeOff, neverStarted, toSettlement } from "./to-settlement.ts";
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
 * @param onScriptEnd told when nothing of the attempt runs any more, and what it ended with is on its way
 */
export function handleLease(options: RunHandlerOptions, lease: Lease, onScriptEnd: () => void = () => undefined): Promise<Settled> {
  return withLogFields({ runId: lease.runId, attempt: lease.attempt }, async () => {
    try {
      return await executeLease(options, lease, onScriptEnd);
    } catch (error) {
      // Ours, and the worker lives: nobody else would ever end this attempt. Where its result was committed before, this is refused.
      log.error({ err: error }, "an attempt broke off by a fault of this worker");
      return deliverPatiently(options.database, options.queue, { lease, settlement: brokeOff(lease, reasonOf(error)), output: [], spill: null });
    }
  });
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function executeLease(options: RunHandlerOptions, lease: Lease, onScriptEnd: () => void): Promise<Settled> {
  const { database, queue, executor, journal, active } = options;
  const opened = open(lease);
  if (typeof opened === "string") return deliverPatiently(database, queue, { lease, settlement: neverStarted(lease, opened), output: [], spill: null });
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
    // At once, with all the output that may get lost: from here on a script that has ended is not run again, also when this worker is
    // killed before the database has the result. Storing output twice changes nothing. A full disk must not keep the result from the
    // database; it is only not safe until it is there.
    void journal
      .record({ lease, settlement, output: output.unwritten(), spill: output.spilled() })
      .catch((error: unknown) => log.error({ err: error, runId: lease.runId }, "a result could not be written to the journal"));
    onScriptEnd();
    // Most runs succeed, and most of those are over before their first sample is due: it is written with their end.
    const samples = settlement.end.outcome === "succeeded" ? usage.take() : [];
    const sampled = usage.finish();
    const unwritten = await output.finish(OUTPUT_PATIENCE_MS);
    const settled = await deliverPatiently(database, queue, { lease, settlement, output: unwritten, spill: output.spilled() }, samples);
    await sampled;
    // Nobody waits for the disk: an entry that is still there is refused when it is delivered again.
    void tidy(journal, output, lease);
    const { outcome } = settlement.end;
    log.info({ outcome, wallMs: Math.round(result.usage.wallMs), nextDelayMs: settled.nextDelayMs }, "an attempt ended");
    if (!settled.accepted) log.warn({ runId: lease.runId, attempt: lease.attempt }, "the lease was lost; its result is dropped");
    return settled;
  } finally {
    attempt.settled();
  }
}

async function tidy(journal: Journal, output: OutputWriter, lease: Lease): Promise<void> {
  try {
    await Promise.all([journal.forget(lease.attemptId), output.discard()]);
  } catch (error) {
    log.debug({ err: error, runId: lease.runId }, "a result that was delivered could not be taken out of the journal");
  }
}

/** What the script is to get, with what is secret of it; or why that can't be had. */
function open({ env }: Lease): ReturnType<typeof openEnv> | string {
  try {
    return openEnv(secretKeys(), env);
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Tries until the database took the result or refused it: a script that has ended is not run again because it was away. Samples are tried
 * once: a picture must not keep a result from being told.
 */
async function deliverPatiently(database: Database, queue: Queue, entry: JournalEntry, samples: UsageSample[] = []): Promise<Settled> {
  let drawn = samples;
  for (let waitMs = RETRY_MS.first; ; waitMs = Math.min(waitMs * 2, RETRY_MS.most)) {
    try {
      return await deliver(database, queue, entry, drawn);
    } catch (error) {
      drawn = [];
      log.warn({ err: error, runId: entry.lease.runId }, "a result could not be delivered yet; it is kept in the journal");
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
