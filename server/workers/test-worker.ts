import { randomUUID } from "node:crypto";

import type { Database } from "../db/client.ts";
import { registerWorker } from "./register-worker.ts";

/** For tests and benchmarks: what a worker takes that takes whatever is next. */
export const ANYTHING = {
  languages: ["bash", "python", "node"],
  memoryBytes: Number.MAX_SAFE_INTEGER,
  tags: [] as string[],
  taggedOnly: false,
  admit: (due: readonly unknown[]) => due.length,
};

/** For tests and benchmarks: registers a worker, so that leases can be its; returns its id. */
export async function registerTestWorker(database: Database): Promise<string> {
  const id = randomUUID();
  await registerWorker(database, {
    id,
    host: "test-host",
    pid: process.pid,
    version: "0.0.0",
    slots: { batch: 4, interactive: 2 },
    capabilities: {
      runtimes: [{ id: "bash", title: "Bash", version: "5" }],
      driver: "cgroup-v2",
      enforced: true,
      isolation: "user-namespaces",
      network: "isolated",
      capacity: { memoryBytes: 14 * 1024 ** 3, cpuMillis: 32_000 },
      tags: [],
      taggedOnly: false,
      secretKeys: [],
      warnings: [],
      place: { bootId: "boot", pidNamespace: "pid:[1]", processStart: "1" },
    },
    hostMemoryBytes: 16 * 1024 ** 3,
    hostCpuMillis: 8000,
  });
  return id;
}
