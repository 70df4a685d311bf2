import { limitsSchema } from "../contracts/policy.ts";
import { demandedTags } from "../contracts/worker-tags.ts";
import type { Run } from "../db/generated/client.ts";
import type { Enqueue } from "../queue/queue.ts";

/** The job that delivers a run's next attempt. @param startAfter null: at once */
export function deliveryOf(
  run: Pick<Run, "id" | "lane" | "priority" | "language" | "limits" | "tags" | "secretKey">,
  jobId: string,
  startAfter: Date | null,
): Enqueue {
  const { memoryBytes, cpuMillis } = limitsSchema.parse(run.limits);
  const needs = {
    language: run.language,
    memoryBytes,
    cpuMillis,
    workerTags: demandedTags(run.tags),
    ...(run.secretKey === null ? {} : { secretKey: run.secretKey }),
  };
  return { jobId, runId: run.id, lane: run.lane, priority: run.priority, startAfter, needs };
}
