import { z } from "zod";

import { WORKER_STATUSES } from "./statuses.ts";

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
  warnings: z.array(z.string()),
  hostMemoryBytes: z.number(),
  hostCpuMillis: z.number(),
  rssBytes: z.number(),
  running: z.array(z.object({ runId: z.string(), name: z.string(), attempt: z.int(), startedAt: z.iso.datetime() })),
});
export type Worker = z.infer<typeof workerSchema>;
