import type { Limits } from "../contracts/policy.ts";
import { limitsSchema } from "../contracts/policy.ts";
import { demandedTags } from "../contracts/worker-tags.ts";
import type { Run } from "../db/generated/client.ts";
import type { Enqueue } from "../queue/queue.ts";

type Delivered = Pick<Run, "id" | "lane" | "priority" | "language" | "tags" | "secretKey">;

/** The job that delivers a run's next attempt. @param startAfter null: at once */
export function deliveryOf(run: Delivered & Pick<Run, "limits">, jobId: string, startAfter: Date | null): Enqueue {
  return deliveryWithin(limitsSchema.parse(run.limits), run, jobId, startAfter);
}

/** The same where its limits were not read but have just been resolved. */
export function deliveryWithin({ memoryBytes, cpuMillis }: Limits, run: Delivered, jobId: string, startAfter: Date | null): Enqueue {
  const needs = {
    language: run.language,
    memoryBytes,
    cpuMillis,
    workerTags: demandedTags(run.tags),
    ...(run.secretKey === null ? {} : { secretKey: run.secretKey }),
  };
  return { jobId, runId: run.id, lane: run.lane, priority: run.priority, startAfter, needs };
}
