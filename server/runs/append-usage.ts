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
