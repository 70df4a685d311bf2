import type { ServiceContext } from "../context.ts";
import type { UsageSample } from "../contracts/runs.ts";
import type { UsageSample as UsageSampleRow } from "../db/generated/client.ts";
import { findAttempt } from "./find-attempt.ts";

/** What an attempt used over time, after a moment of it (milliseconds since its start). @throws NotFoundError */
export async function readUsage(
  ctx: ServiceContext,
  { id, attempt: number, afterMs = -1 }: { id: string; attempt?: number | undefined; afterMs?: number | undefined },
): Promise<{ attempt: number; samples: UsageSample[] }> {
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return { attempt: number ?? 1, samples: [] };
  const rows = await ctx.database.client.usageSample.findMany({
    where: { attemptId: attempt.id, atMs: { gt: afterMs } },
    orderBy: { atMs: "asc" },
  });
  return { attempt: attempt.number, samples: rows.map(toUsageSample) };
}

function toUsageSample({ atMs, memoryBytes, cpuMs, throttledMs, pids }: UsageSampleRow): UsageSample {
  return { atMs, memoryBytes: Number(memoryBytes), cpuMs, throttledMs, pids };
}
