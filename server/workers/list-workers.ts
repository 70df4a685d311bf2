import type { ServiceContext } from "../context.ts";
import { limitsSchema } from "../contracts/policy.ts";
import type { Worker } from "../contracts/workers.ts";
import { capabilitiesSchema } from "./capabilities.ts";

const SHOWN_ENDED_FOR_MS = 24 * 3_600_000;

/** Live workers first, then those that ended within the last day, each with what it runs now. */
export async function listWorkers(ctx: ServiceContext): Promise<{ items: Worker[] }> {
  const { client } = ctx.database;
  const rows = await client.worker.findMany({
    where: { OR: [{ status: { in: ["active", "draining"] } }, { heartbeatAt: { gt: new Date(Date.now() - SHOWN_ENDED_FOR_MS) } }] },
    orderBy: [{ status: "asc" }, { startedAt: "desc" }],
    take: 200,
    include: {
      attempts: { where: { status: "running" }, orderBy: { startedAt: "asc" }, include: { run: { select: { name: true, lane: true } } } },
    },
  });
  const [clock] = await client.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  const now = clock?.now.getTime() ?? Date.now();
  const items = rows.map((row): Worker => {
    const { runtimes, driver, enforced, isolation, network, capacity, warnings } = capabilitiesSchema.parse(row.capabilities);
    const busyIn = (lane: "batch" | "interactive") => row.attempts.filter((attempt) => attempt.run.lane === lane).length;
    return {
      id: row.id,
      host: row.host,
      pid: row.pid,
      version: row.version,
      status: row.status,
      startedAt: row.startedAt.toISOString(),
      heartbeatAt: row.heartbeatAt.toISOString(),
      heartbeatAgeMs: Math.max(0, now - row.heartbeatAt.getTime()),
      slots: { batch: row.batchSlots, interactive: row.interactiveSlots },
      busy: { batch: busyIn("batch"), interactive: busyIn("interactive") },
      runtimes,
      driver,
      enforced,
      isolation,
      network,
      capacity,
      held: heldBy(row.attempts),
      warnings,
      hostMemoryBytes: Number(row.hostMemoryBytes),
      hostCpuMillis: row.hostCpuMillis,
      rssBytes: Number(row.rssBytes),
      running: row.attempts.map((attempt) => ({
        runId: attempt.runId,
        name: attempt.run.name,
        attempt: attempt.number,
        startedAt: attempt.startedAt.toISOString(),
      })),
    };
  });
  return { items };
}

function heldBy(attempts: { limits: unknown }[]): Worker["held"] {
  const limits = attempts.map((attempt) => limitsSchema.parse(attempt.limits));
  return { memoryBytes: limits.reduce((sum, one) => sum + one.memoryBytes, 0), cpuMillis: limits.reduce((sum, one) => sum + one.cpuMillis, 0) };
}
