import { randomUUID } from "node:crypto";

import type { Database } from "#server/db/client.ts";
import { registerWorker } from "#server/workers/register-worker.ts";

/** What a worker of the benchmark's own takes: whatever is next. */
export const TAKES_ANYTHING = {
  languages: ["bash", "python", "node"],
  memoryBytes: Number.MAX_SAFE_INTEGER,
  tags: [] as string[],
  taggedOnly: false,
  admit: (due: readonly unknown[]) => due.length,
};

/** Registers one, so that leases can be its; returns its id. */
export async function registerBench(database: Database): Promise<string> {
  const id = randomUUID();
  await registerWorker(database, {
    id,
    host: "bench",
    pid: process.pid,
    version: "0",
    slots: { batch: 1, interactive: 1 },
    capabilities: {
      runtimes: [{ id: "bash", title: "Bash", version: "5" }],
      driver: "cgroup-v2",
      enforced: true,
      isolation: "user-namespaces",
      network: "isolated",
      capacity: { memoryBytes: 1024 ** 4, cpuMillis: 1_000_000 },
      tags: [],
      taggedOnly: false,
      secretKeys: [],
      warnings: [],
      place: { bootId: "bench", pidNamespace: "bench", processStart: "0" },
    },
    hostMemoryBytes: 1024 ** 4,
    hostCpuMillis: 1_000_000,
  });
  return id;
}
