import { z } from "zod";

import { limitFactorsSchema, limitsInputSchema, retryInputSchema } from "./policy.ts";
import { listOf, pageSchema, runFilterSchema } from "./runs.ts";
import { OUTCOMES } from "./statuses.ts";
import { idTextSchema, momentSchema, textSchema } from "./text.ts";

/** What a person said of a group; an ignored one is open again when its time is over. */
export const GROUP_STATES = ["open", "ignored", "resolved"] as const;
export type GroupState = (typeof GROUP_STATES)[number];

/** A dead letter is always a run with the status `dead`, so the filter has no status of its own. */
const filterShape = runFilterSchema.omit({ status: true }).extend({
  group: listOf(textSchema.max(64)).optional().describe("Fingerprint of a group"),
  groupState: listOf(z.enum(GROUP_STATES)).optional().describe("Of groups that stand so; of all if absent"),
  diedBefore: momentSchema.optional().describe("Failed for good before"),
});
export const deadLetterFilterSchema = filterShape.meta({ id: "DeadLetterFilter" });
export type DeadLetterFilter = z.infer<typeof deadLetterFilterSchema>;

export const listDeadLettersSchema = filterShape.extend(pageSchema.shape);
export type ListDeadLetters = z.infer<typeof listDeadLettersSchema>;

const selectionShape = {
  ids: z.array(idTextSchema).min(1, "must name at least one run").max(10_000, "must name at most 10,000 runs; use a filter for more").optional(),
  filter: deadLetterFilterSchema.optional(),
  excludeIds: z.array(idTextSchema).max(10_000, "must name at most 10,000 runs").optional().describe("Runs that the filter finds and that stay as they are"),
  excludeGroups: z.array(textSchema.max(64)).max(10_000).optional().describe("Fingerprints of groups that stay as they are"),
  includeIds: z.array(idTextSchema).max(10_000).optional().describe("With a filter: these besides those that match"),
  asOf: momentSchema.optional().describe("Dead letters that arrived later are left out; now if absent"),
};

/** What a deed is to be done to. */
export type Selection = {
  ids?: string[] | undefined;
  filter?: DeadLetterFilter | undefined;
  excludeIds?: string[] | undefined;
  excludeGroups?: string[] | undefined;
  includeIds?: string[] | undefined;
  asOf?: string | undefined;
};

const exactlyOneSelection = (input: { ids?: unknown; filter?: unknown }) => (input.ids === undefined) !== (input.filter === undefined);
const selectionMessage = { path: ["ids"], message: "give either ids or filter, not both and not neither" };

const raiseShape = {
  limits: limitsInputSchema.optional(),
  limitFactors: limitFactorsSchema.optional().describe("Each run's own limit so many times, up to the maximum"),
};
/** A limit is either set or multiplied. */
const limitNamedTwice = ({ limits = {}, limitFactors = {} }: { limits?: object | undefined; limitFactors?: object | undefined }) =>
  Object.keys(limitFactors).find((name) => name in limits);
const notBoth = (input: Parameters<typeof limitNamedTwice>[0], ctx: z.RefinementCtx) => {
  const name = limitNamedTwice(input);
  if (name !== undefined) ctx.addIssue({ code: "custom", path: ["limitFactors", name], message: `give either limits.${name} or this, not both` });
};

export const retryDeadLettersSchema = z
  .strictObject({
    ...selectionShape,
    ...raiseShape,
    retry: retryInputSchema.optional(),
    ratePerMinute: z
      .int()
      .min(1, "must be 1 or more")
      .max(100_000, "must be at most 100,000")
      .optional()
      .describe("Runs queued a minute at most; as fast as it goes if absent"),
    canary: z
      .strictObject({
        count: z.int().min(1, "must be 1 or more").max(1_000, "must be at most 1,000").describe("So many runs go first"),
        passPercent: z.int().min(1, "must be from 1 to 100").max(100, "must be from 1 to 100").describe("So many per cent of them must succeed"),
      })
      .optional()
      .describe("The rest goes only when enough of the first succeed; else the operation is paused and says why"),
    dryRun: z.boolean().optional().describe("Only says how many it would be"),
  })
  .refine(exactlyOneSelection, selectionMessage)
  .superRefine(notBoth);
export type RetryDeadLetters = z.infer<typeof retryDeadLettersSchema>;

export const discardDeadLettersSchema = z.strictObject({ ...selectionShape, dryRun: z.boolean().optional() }).refine(exactlyOneSelection, selectionMessage);
export type DiscardDeadLetters = z.infer<typeof discardDeadLettersSchema>;

/** What raised limits would come to, asked before they are set. */
export const previewLimitsSchema = z
  .strictObject({ ...selectionShape, ...raiseShape })
  .refine(exactlyOneSelection, selectionMessage)
  .superRefine(notBoth);
export type PreviewLimits = z.infer<typeof previewLimitsSchema>;

/** What an export holds. */
export const EXPORT_FORMATS = ["csv", "json", "ndjson"] as const;
export const exportDeadLettersSchema = z
  .strictObject({ ...selectionShape, format: z.enum(EXPORT_FORMATS, `must be one of ${EXPORT_FORMATS.join(", ")}`) })
  .refine(exactlyOneSelection, selectionMessage);
export type ExportDeadLetters = z.infer<typeof exportDeadLettersSchema>;

export const BULK_STATUSES = ["pending", "running", "paused", "finished", "aborted"] as const;

/** waiting: the canaries have not all ended. judged: the rest goes, or was let go by a person. */
export const CANARY_STATES = ["waiting", "judged"] as const;

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
  canary: z
    .object({
      count: z.int(),
      passPercent: z.int(),
      state: z.enum(CANARY_STATES),
      succeeded: z.int().describe("Canaries that ended well so far"),
      failed: z.int().describe("Canaries that ended otherwise"),
    })
    .nullable(),
  message: z.string().nullable().describe("Why it is paused, where nobody paused it"),
  selection: z
    .object({
      named: z.int().describe("Runs named one by one; 0 where a filter chose"),
      filter: deadLetterFilterSchema.nullable(),
      excluded: z.int().describe("Runs left out"),
      excludedGroups: z.int(),
      included: z.int().describe("Runs named besides"),
    })
    .describe("Which dead letters it was started over"),
  limits: limitsInputSchema.nullable().describe("Limits that it sets"),
  limitFactors: limitFactorsSchema.nullable().describe("Limits that it multiplies"),
  retry: retryInputSchema.nullable().describe("What it sets of the retry policy"),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type BulkOperation = z.infer<typeof bulkOperationSchema>;

export const listGroupsSchema = filterShape.omit({ groupState: true }).extend({
  state: listOf(z.enum(GROUP_STATES)).optional().describe("All if absent"),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "must be the nextCursor of an earlier page")
    .optional(),
  limit: pageSchema.shape.limit,
});
export type ListGroups = z.infer<typeof listGroupsSchema>;

/** Hours that a group's small chart covers. */
export const GROUP_HOURS = 24;

/** Dead letters that died alike. */
export const deadLetterGroupSchema = z.object({
  fingerprint: z.string(),
  outcome: z.enum(OUTCOMES),
  title: z.string().describe("The line that tells of the error, or else how the attempts ended"),
  count: z.int().describe("Dead letters that are in it now"),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  scripts: z.array(z.string()),
  why: z
    .object({ exitCode: z.int().nullable(), signal: z.string().nullable(), script: z.string(), line: z.string().nullable() })
    .describe("What makes them alike, beside the outcome; numbers, ids, times and paths are replaced by what they are"),
  hourly: z.array(z.int()).describe("Dead letters of each of the last 24 hours, oldest first"),
  state: z.enum(GROUP_STATES),
  ignoredUntil: z.iso.datetime().nullable(),
  reopenedAt: z.iso.datetime().nullable().describe("It had been resolved, and came back"),
  changedBy: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
});
export type DeadLetterGroup = z.infer<typeof deadLetterGroupSchema>;

export const ignoreGroupSchema = z.strictObject({ until: momentSchema.describe("Open again from then on") });
