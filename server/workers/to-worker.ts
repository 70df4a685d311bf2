import { limitsSchema } from "../contracts/policy.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { Worker } from "../contracts/workers.ts";
import type { Prisma } from "../db/generated/client.ts";
import { capabilitiesSchema } from "./capabilities.ts";

/** What of a worker's attempts its row is shown with: those that run now, and of which run. */
export const WITH_RUNNING = {
  attempts: { where: { status: "running" }, orderBy: { startedAt: "asc" }, include: { run: { select: { name: true, lane: true } } } },
} as const satisfies Prisma.WorkerInclude;

type Row = Prisma.WorkerGetPayload<{ include: typeof WITH_RUNNING }>;

export type LostAttempts = Worker["lost"];
export const NOTHING_LOST: LostAttempts = { total: 0, runs: [] };

/** A worker's row as the contract shows it. @param now the database's time, by which its heartbeat is written */
export function toWorker(row: Row, now: Date, lost: LostAttempts = NOTHING_LOST): Worker {
  const { runtimes, driver, enforced, isolation, network, capacity, tags, taggedOnly, warnings } = capabilitiesSchema.parse(row.capabilities);
  const busyIn = (lane: Lane) => row.attempts.filter((attempt) => attempt.run.lane === lane).length;
  return {
    id: row.id,
    host: row.host,
    pid: row.pid,
    version: row.version,
    status: row.status,
    startedAt: row.startedAt.toISOString(),
    heartbeatAt: row.heartbeatAt.toISOString(),
    heartbeatAgeMs: Math.max(0, now.getTime() - row.heartbeatAt.getTime()),
    slots: { batch: row.batchSlots, interactive: row.interactiveSlots },
    // An attempt whose script has ended holds no slot while its result is being committed.
    busy: { batch: Math.min(busyIn("batch"), row.batchSlots), interactive: Math.min(busyIn("interactive"), row.interactiveSlots) },
    runtimes,
    driver,
    enforced,
    isolation,
    network,
    capacity,
    held: heldBy(row.attempts),
    tags,
    taggedOnly,
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
    lost,
  };
}

function heldBy(attempts: { limits: unknown }[]): Worker["held"] {
  const limits = attempts.map((attempt) => limitsSchema.parse(attempt.limits));
  return { memoryBytes: limits.reduce((sum, one) => sum + one.memoryBytes, 0), cpuMillis: limits.reduce((sum, one) => sum + one.cpuMillis, 0) };
}
