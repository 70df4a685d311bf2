import type { UsageSample } from "../contracts/runs.ts";
import type { Database } from "../db/client.ts";
import { publish } from "../live/notices.ts";

/** Stores samples of an attempt's use of resources and tells who watches; the same sample twice changes nothing. */
export async function appendUsage(database: Database, { runId, attemptId }: { runId: string; attemptId: string }, samples: UsageSample[]): Promise<void> {
  if (samples.length === 0) return;
  await database.client.usageSample.createMany({
    data: samples.map(({ atMs, memoryBytes, cpuMs, throttledMs, pids }) => ({
      attemptId,
      atMs: Math.round(atMs),
      memoryBytes: Math.round(memoryBytes),
      cpuMs: Math.round(cpuMs),
      throttledMs: Math.round(throttledMs),
      pids,
    })),
    skipDuplicates: true,
  });
  await publish(database.client, { kind: "usage", runId });
}

/** Leaves one sample a stretch of `everyMs` past `afterMs`: the one with the most memory, since peaks are what a limit is about. */
export async function thinUsage({ client }: Database, attemptId: string, { afterMs, everyMs }: { afterMs: number; everyMs: number }): Promise<void> {
  await client.$executeRaw`
    DELETE FROM usage_sample sample USING usage_sample kept
    WHERE sample.attempt_id = ${attemptId}::uuid AND kept.attempt_id = sample.attempt_id
      AND sample.at_ms >= ${afterMs} AND kept.at_ms >= ${afterMs}
      AND sample.at_ms / ${everyMs}::int = kept.at_ms / ${everyMs}::int
      AND (sample.memory_bytes, sample.at_ms) < (kept.memory_bytes, kept.at_ms)`;
}
