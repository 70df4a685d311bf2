import { z } from "zod";

import { runtimeSchema } from "../contracts/workers.ts";

/** What a worker found on its host, as it is stored with the worker. */
export const capabilitiesSchema = z.object({
  runtimes: z.array(runtimeSchema),
  driver: z.string(),
  enforced: z.boolean(),
  warnings: z.array(z.string()),
  /** Where its process is: only from within the same place can another tell whether it still lives. */
  place: z.object({ bootId: z.string(), pidNamespace: z.string(), processStart: z.string() }),
});
export type WorkerCapabilities = z.infer<typeof capabilitiesSchema>;
