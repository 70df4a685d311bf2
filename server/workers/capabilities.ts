import { z } from "zod";

import { ISOLATIONS, NETWORK_KINDS, runtimeSchema } from "../contracts/workers.ts";

/** What a worker found on its host, as it is stored with the worker. */
export const capabilitiesSchema = z.object({
  runtimes: z.array(runtimeSchema),
  driver: z.string(),
  enforced: z.boolean(),
  /** Null: a worker of an earlier version, which did not say. */
  isolation: z.enum(ISOLATIONS).nullable().default(null),
  network: z.enum(NETWORK_KINDS).nullable().default(null),
  /** What its attempts together may hold. */
  capacity: z.object({ memoryBytes: z.number(), cpuMillis: z.number() }).nullable().default(null),
  /** Runs that demand these come here; and whether only such runs do. */
  tags: z.array(z.string()).default([]),
  taggedOnly: z.boolean().default(false),
  /** Ids of the keys with which it can decrypt secret environment values. */
  secretKeys: z.array(z.string()).default([]),
  warnings: z.array(z.string()),
  /** Where its process is: only from within the same place can another tell whether it still lives. */
  place: z.object({ bootId: z.string(), pidNamespace: z.string(), processStart: z.string() }),
});
export type WorkerCapabilities = z.infer<typeof capabilitiesSchema>;
