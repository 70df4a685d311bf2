import { z } from "zod";

import { limitsInputSchema, retryInputSchema } from "./policy.ts";
import { pageSchema, runFilterSchema } from "./runs.ts";

/** A dead letter is always a run with the status `dead`, so the filter has no status of its own. */
export const deadLetterFilterSchema = runFilterSchema.omit({ status: true });
export type DeadLetterFilter = z.infer<typeof deadLetterFilterSchema>;

export const listDeadLettersSchema = deadLetterFilterSchema.extend(pageSchema.shape);
export type ListDeadLetters = z.infer<typeof listDeadLettersSchema>;

const selectionShape = {
  ids: z.array(z.string()).min(1, "must name at least one run").max(10_000, "must name at most 10,000 runs; use a filter for more").optional(),
  filter: deadLetterFilterSchema.optional(),
  excludeIds: z.array(z.string()).max(10_000).optional(),
  asOf: z.iso.datetime().optional().describe("Dead letters that arrived later are left out; now if absent"),
};

const exactlyOneSelection = (input: { ids?: unknown; filter?: unknown }) => (input.ids === undefined) !== (input.filter === undefined);
const selectionMessage = { path: ["ids"], message: "give either ids or filter, not both and not neither" };

export const retryDeadLettersSchema = z
  .strictObject({
    ...selectionShape,
    limits: limitsInputSchema.optional(),
    retry: retryInputSchema.optional(),
    ratePerMinute: z
      .int()
      .min(1, "must be 1 or more")
      .max(100_000, "must be at most 100,000")
      .optional()
      .describe("Runs queued a minute at most; as fast as it goes if absent"),
    dryRun: z.boolean().optional(),
  })
  .refine(exactlyOneSelection, selectionMessage);
export type RetryDeadLetters = z.infer<typeof retryDeadLettersSchema>;

export const discardDeadLettersSchema = z.strictObject({ ...selectionShape, dryRun: z.boolean().optional() }).refine(exactlyOneSelection, selectionMessage);
export type DiscardDeadLetters = z.infer<typeof discardDeadLettersSchema>;

export const BULK_STATUSES = ["pending", "running", "paused", "finished", "aborted"] as const;

export const bulkOperationSchema = z.object({
  id: z.string().nullable().describe("null on a dry run, which changes nothing"),
  kind: z.enum(["retry", "discard"]),
  status: z.enum(BULK_STATUSES),
  dryRun: z.boolean(),
  asOf: z.iso.datetime(),
  total: z.int(),
  done: z.int(),
  succeeded: z.int(),
  skipped: z.int(),
  failed: z.int(),
  ratePerMinute: z.int().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type BulkOperation = z.infer<typeof bulkOperationSchema>;
