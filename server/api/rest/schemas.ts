import { z } from "@hono/zod-openapi";

import { bulkOperationSchema } from "../../contracts/dead-letters.ts";
import { outputChunkSchema, runSchema, runSummarySchema, submitBatchSchema, submitRunSchema } from "../../contracts/runs.ts";
import { settingsInputSchema, settingsSchema } from "../../contracts/settings.ts";
import { workerSchema } from "../../contracts/workers.ts";

// The contracts under the names that the document gives them.
export const Run = runSchema.meta({ id: "Run" });
export const RunSummary = runSummarySchema.meta({ id: "RunSummary" });
export const SubmitRun = submitRunSchema.meta({ id: "SubmitRun" });
export const SubmitBatch = submitBatchSchema.meta({ id: "SubmitBatch" });
export const OutputChunk = outputChunkSchema.meta({ id: "OutputChunk" });
export const BulkOperation = bulkOperationSchema.meta({ id: "BulkOperation" });
export const Settings = settingsSchema.meta({ id: "Settings" });
export const SettingsInput = settingsInputSchema.meta({ id: "SettingsInput" });
export const Worker = workerSchema.meta({ id: "Worker" });

export const IdParameter = z.object({ id: z.string().describe("An id that an earlier answer gave; opaque") });

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().describe("Send it as `cursor` for the next page; null on the last") });

/** A JSON answer. */
export const json = (schema: z.ZodType) => ({ "application/json": { schema } });
