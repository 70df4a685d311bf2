import type { ServiceContext } from "../context.ts";
import type { UsageSample } from "../contracts/runs.ts";
import type { UsageSample as UsageSampleRow } from "../db/generated/client.ts";
import { findAttempt } from "./find-attempt.ts";

/** What an attempt used over time. @throws NotFoundError */
export async function readUsage(ctx: ServiceContext, { id, attempt: number }: { id: string; attempt?: number | undefined }): Promise<{ attempt: number; samples: UsageSample[] }> {
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return { attempt: number ?? 1, samples: [] };
  return { attempt: attempt.number, samples: await samplesAfter(ctx, attempt.id, -1) };
}

/** An attempt's samples after a moment of it, in milliseconds since its start. */
export async function samplesAfter(ctx: ServiceContext, attemptId: string, afterMs: number): Promise<UsageSample[]> {
  const rows = await ctx.database.client.usageSample.findMany({ where: { attemptId, atMs: { gt: afterMs } }, orderBy: { atMs: "asc" } });
  return rows.map(toUsageSample);
}

function toUsageSample({ atMs, memoryBytes, cpuMs, throttledMs, pids }: UsageSampleRow): UsageSample {
  return { atMs, memoryBytes: Number(memoryBytes), cpuMs, throttledMs, pids };
}
