import { z } from "@hono/zod-openapi";

import { bulkOperationSchema } from "../../contracts/dead-letters.ts";
import { problemSchema } from "../../contracts/problem.ts";
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
export const Problem = problemSchema.meta({ id: "Problem" });

export const IdParameter = z.object({ id: z.string() });

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A JSON body or answer. */
export const json = (schema: z.ZodType) => ({ "application/json": { schema } });

const PROBLEMS = {
  400: "The input is refused: unreadable, or field by field in `errors` (an unknown field with the likely one).",
  401: "No valid token was sent.",
  403: "The token's role does not allow this.",
  404: "There is nothing with that id.",
  409: "It is not in a state that allows this, or the Idempotency-Key was used for another body.",
  412: "The settings were changed since the version in If-Match.",
  413: "The body is too large.",
  415: "The body is not JSON.",
  422: "A limit is above the administrator's maximum; `errors` names it.",
  428: "If-Match is missing.",
  503: "The database is away; try again after Retry-After seconds.",
} as const;

/** The problems an endpoint can answer with; 401, 403 and 503 any can. */
export function problems(...statuses: (keyof typeof PROBLEMS)[]) {
  return Object.fromEntries(
    [...statuses, 401 as const, 403 as const, 503 as const].map((status) => [
      status,
      { description: PROBLEMS[status], content: { "application/problem+json": { schema: Problem } } },
    ]),
  );
}
