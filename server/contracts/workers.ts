import { z } from "zod";

import { RUN_STATUSES, WORKER_STATUSES } from "./statuses.ts";

/** How scripts are kept apart from the host: in user namespaces, or by root where the kernel refuses those. */
export const ISOLATIONS = ["user-namespaces", "root"] as const;

/** What a run that asks for network gets: a network of its own behind a router, or the host's. */
export const NETWORK_KINDS = ["isolated", "host"] as const;

export const runtimeSchema = z.object({ id: z.string(), title: z.string(), version: z.string() });

export const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  status: z.enum(WORKER_STATUSES),
  startedAt: z.iso.datetime(),
  heartbeatAt: z.iso.datetime(),
  heartbeatAgeMs: z.number(),
  slots: z.object({ batch: z.int(), interactive: z.int() }),
  busy: z.object({ batch: z.int(), interactive: z.int() }),
  runtimes: z.array(runtimeSchema),
  driver: z.string(),
  enforced: z.boolean(),
  isolation: z.enum(ISOLATIONS).nullable(),
  network: z.enum(NETWORK_KINDS).nullable().describe("What a run that asks for network gets here"),
  tags: z.array(z.string()).describe("Runs tagged worker:TAG come only to workers that have TAG here"),
  taggedOnly: z.boolean().describe("It leaves runs alone that demand no tag"),
  warnings: z.array(z.string()),
  capacity: z.object({ memoryBytes: z.number(), cpuMillis: z.number() }).nullable().describe("What its attempts together may have as limits"),
  held: z.object({ memoryBytes: z.number(), cpuMillis: z.number() }).describe("The limits of those that run now, added up"),
  hostMemoryBytes: z.number(),
  hostCpuMillis: z.number(),
  rssBytes: z.number(),
  running: z.array(z.object({ runId: z.string(), name: z.string(), attempt: z.int(), startedAt: z.iso.datetime() })),
  lost: z
    .object({
      total: z.int(),
      runs: z.array(z.object({ runId: z.string(), name: z.string(), attempt: z.int(), status: z.enum(RUN_STATUSES).describe("Where the run stands now") })),
    })
    .describe("Attempts that ended with it and were given up, the latest of them named"),
});
export type Worker = z.infer<typeof workerSchema>;
