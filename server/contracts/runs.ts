import { z } from "zod";

import { limitsInputSchema, limitsSchema, retryInputSchema, retryPolicySchema } from "./policy.ts";
import { ATTEMPT_STATUSES, LANES, OUTCOMES, RUN_STATUSES } from "./statuses.ts";
import { idTextSchema, momentSchema, textSchema } from "./text.ts";
import type { RunStatus } from "./statuses.ts";

/** Sizes of what a submit may carry. */
export const SUBMIT_MAXIMA = {
  sourceBytes: 1024 * 1024,
  stdinBytes: 4 * 1024 * 1024,
  args: 256,
  argBytes: 64 * 1024,
  envEntries: 256,
  envBytes: 64 * 1024,
  tags: 20,
} as const;

const utf8AtMost = (bytes: number) => (value: string) => new TextEncoder().encode(value).byteLength <= bytes;

const argSchema = textSchema.refine(utf8AtMost(SUBMIT_MAXIMA.argBytes), "must be at most 64 KiB");

export const tagSchema = z.string().regex(/^[\w.:/-]{1,64}$/, "must be 1 to 64 letters, digits or any of _ . : / -");

/** Below it a secret could stand anywhere, and masking it would mask everything. */
const SECRET_MIN_CHARACTERS = 4;

/** A variable's value; as an object one that may be secret, or the secret of an earlier run under the same name. */
const envValueSchema = z.union([
  argSchema,
  z
    .strictObject({ value: argSchema, secret: z.boolean().optional().describe("Encrypted at rest, shown to nobody, masked in output") })
    .refine(({ value, secret }) => secret !== true || value.length >= SECRET_MIN_CHARACTERS, {
      path: ["value"],
      message: `must be at least ${SECRET_MIN_CHARACTERS} characters to be secret: a shorter one can't be masked in output`,
    }),
  z.strictObject({ from: idTextSchema.describe("A run that the caller submitted: its secret of this name is taken over, unseen") }),
]);

const valueText = (given: z.infer<typeof envValueSchema>): string => (typeof given === "string" ? given : "value" in given ? given.value : "");

/** Body of `POST /api/v1/runs` and `/execute`. */
export const submitRunSchema = z.strictObject({
  name: textSchema
    .trim()
    .min(1, "must not be empty")
    .max(200, "must be at most 200 characters")
    .optional()
    .describe("Shown in lists; its first line of code if left out"),
  language: z
    .string()
    .regex(/^[a-z][a-z0-9_+-]{0,31}$/, "must be the id of a runtime, for example bash, python or node")
    .describe("The id of a runtime: `bash`, `python`, `node`, or another that a worker offers"),
  source: textSchema.min(1, "must not be empty").refine(utf8AtMost(SUBMIT_MAXIMA.sourceBytes), "must be at most 1 MiB").describe("The script, at most 1 MiB"),
  args: z.array(argSchema).max(SUBMIT_MAXIMA.args, "must have at most 256 entries").optional().describe("Its arguments, as they are; each at most 64 KiB"),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "must be a variable name: letters, digits and _, not starting with a digit"), envValueSchema)
    .refine((env) => Object.keys(env).length <= SUBMIT_MAXIMA.envEntries, "must have at most 256 entries")
    .refine(
      (env) =>
        utf8AtMost(SUBMIT_MAXIMA.envBytes)(
          Object.entries(env)
            .flatMap(([name, given]) => [name, valueText(given)])
            .join(""),
        ),
      "must be at most 64 KiB together",
    )
    .refine((env) => !Object.keys(env).some((name) => name.startsWith("CORRAL_")), "must not set CORRAL_… variables, which Corral sets itself")
    .optional()
    .describe("Environment variables by their names: at most 256, 64 KiB together; CORRAL_… are Corral's own"),
  stdin: textSchema
    .refine(utf8AtMost(SUBMIT_MAXIMA.stdinBytes), "must be at most 4 MiB")
    .optional()
    .describe("What it reads from its standard input, at most 4 MiB"),
  limits: limitsInputSchema.optional(),
  retry: retryInputSchema.optional(),
  tags: z.array(tagSchema).max(SUBMIT_MAXIMA.tags, "must have at most 20 entries").optional(),
  priority: z
    .int()
    .min(-100, "must be between -100 and 100")
    .max(100, "must be between -100 and 100")
    .optional()
    .describe("Higher goes first within its lane; 0 if left out"),
  deadLetter: z.boolean().optional().describe("false: a run that fails for good ends as failed instead of becoming a dead letter"),
  network: z.boolean().optional().describe("Whether it may reach the network; only where the settings allow it"),
});
export type SubmitRun = z.infer<typeof submitRunSchema>;

const BATCH_MAX = 1_000;

/** Body of `POST /api/v1/runs/batch`: all are accepted, or none. */
export const submitBatchSchema = z.strictObject({
  runs: z.array(submitRunSchema).min(1, "must have at least one entry").max(BATCH_MAX, `must have at most ${BATCH_MAX} entries`),
});
export type SubmitBatch = z.infer<typeof submitBatchSchema>;

const timestamp = z.iso.datetime();

export const usageSchema = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMemoryBytes: z.number(),
  throttledMs: z.number(),
  pidsPeak: z.number(),
});

export const attemptSchema = z
  .object({
    number: z.int(),
    status: z.enum(ATTEMPT_STATUSES),
    outcome: z.enum(OUTCOMES).nullable(),
    message: z.string().nullable().describe("One sentence: how it ended and why"),
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
    startedAt: timestamp,
    finishedAt: timestamp.nullable(),
    workerId: z.string(),
    limits: limitsSchema,
    usage: usageSchema.nullable(),
    output: z.object({
      stdoutBytes: z.number(),
      stderrBytes: z.number(),
      droppedBytes: z.number(),
      removedAt: timestamp.nullable().describe("When retention removed it, with the samples; null while it is there"),
    }),
    evidence: z.record(z.string(), z.unknown()).nullable(),
    enforced: z.boolean().describe("false: the worker ran without kernel limits, by the administrator's choice"),
  })
  .meta({ id: "Attempt" });
export type Attempt = z.infer<typeof attemptSchema>;

export const runSchema = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  source: z.string().optional(),
  stdin: z.string().nullable().optional(),
  env: z.record(z.string(), z.string()).optional().describe("Secret values as ••••"),
  secretEnv: z.array(z.string()).optional().describe("Names of those that are secret"),
  args: z.array(z.string()),
  status: z.enum(RUN_STATUSES),
  outcome: z.enum(OUTCOMES).nullable().describe("Of the last finished attempt"),
  message: z.string().nullable().describe("The last finished attempt's sentence"),
  lane: z.enum(LANES),
  limits: limitsSchema,
  retry: retryPolicySchema,
  tags: z.array(z.string()),
  priority: z.int(),
  deadLetter: z.boolean(),
  network: z.boolean(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  nextAttemptAt: timestamp.nullable(),
  cancelRequestedAt: timestamp.nullable(),
  enforced: z
    .boolean()
    .nullable()
    .describe("Whether the kernel held its last attempt to its limits; false where an administrator allowed a worker without; null before the first"),
  waitingReason: z.string().nullable().describe("Why a queued or retrying run is not running yet"),
  chargedFailures: z.int().describe("Failed attempts that count against maxRetries since the run was last queued by a person"),
  interruptions: z.int().describe("Ends that were not the script's fault (deploys, drains, lost workers, our own errors); never charged"),
  workerCrashes: z.int().describe("Workers lost in a row while they ran it; the third makes it a dead letter"),
  attempts: z.array(attemptSchema),
  requeues: z
    .array(
      z.object({
        at: timestamp,
        by: z.string(),
        afterAttempt: z.int(),
        operationId: z.string().nullable().describe("The bulk operation that did it"),
        limits: limitsInputSchema.nullable().describe("What was changed of its limits"),
        retry: retryInputSchema.nullable().describe("Likewise"),
      }),
    )
    .describe("When it was queued again after it had failed for good, oldest first"),
  output: z.object({ stdout: z.string(), stderr: z.string(), truncated: z.boolean() }).optional(),
});
export type Run = z.infer<typeof runSchema>;

/** A row of the Runs list: the run without its script, with only its last attempt. */
export const runSummarySchema = runSchema
  .omit({ source: true, stdin: true, env: true, secretEnv: true, args: true, output: true, attempts: true, requeues: true, retry: true, limits: true })
  .extend({
    attemptCount: z.int(),
    maxAttempts: z.int(),
    timeoutMs: z.number(),
    memoryBytes: z.number(),
    lastAttempt: z
      .object({
        number: z.int(),
        startedAt: timestamp,
        finishedAt: timestamp.nullable(),
        wallMs: z.number().nullable(),
        peakMemoryBytes: z.number().nullable(),
        exitCode: z.int().nullable(),
        enforced: z.boolean(),
      })
      .nullable(),
  });
export type RunSummary = z.infer<typeof runSummarySchema>;

/** One or many, as a query string gives them. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item).min(1, "must name at least one, or be left out"), item.transform((one) => [one])]);

/** What narrows a list of runs; every field given must match. */
export const runFilterSchema = z.strictObject({
  status: listOf(z.enum(RUN_STATUSES)).optional(),
  outcome: listOf(z.enum(OUTCOMES)).optional(),
  language: listOf(textSchema).optional(),
  tag: listOf(textSchema).optional().describe("Every tag given must be on the run"),
  q: textSchema.max(200).optional().describe("Part of the name, or a run id"),
  from: momentSchema.optional().describe("Created at or after"),
  to: momentSchema.optional().describe("Created before"),
});
export type RunFilter = z.infer<typeof runFilterSchema>;

export const pageSchema = z.strictObject({
  cursor: idTextSchema.optional().describe("The nextCursor of the page before"),
  limit: z.coerce.number().int("must be a whole number").min(1).max(200).default(50).describe("Entries of a page"),
});

const RUN_SORTS = ["newest", "oldest"] as const;
export type RunSort = (typeof RUN_SORTS)[number];

export const listRunsSchema = runFilterSchema.extend(pageSchema.shape).extend({
  sort: z.enum(RUN_SORTS).optional().describe("By creation; newest first if absent. A cursor belongs to its order"),
});
export type ListRuns = z.infer<typeof listRunsSchema>;

export const getRunSchema = z.strictObject({
  id: idTextSchema,
  include: z.array(z.enum(["source", "output"])).default([]),
});

export const OUTPUT_STREAMS = ["stdout", "stderr"] as const;

/** A piece of output as the browser gets it. Bytes travel as text: UTF-8 with replacement characters for what is none. */
export const outputChunkSchema = z.object({
  seq: z.int(),
  stream: z.enum(OUTPUT_STREAMS),
  at: timestamp,
  text: z.string(),
  droppedBytes: z.number().nullable().describe("Set on the marker that stands for what was dropped at the output limit"),
});
export type OutputChunk = z.infer<typeof outputChunkSchema>;

/** A number in a query string; and the largest that the tables count to. */
const numberText = z.coerce.number().int("must be a whole number");
const NUMBER_MAX = 2_147_483_647;

export const readOutputSchema = z.strictObject({
  id: idTextSchema,
  attempt: numberText.min(1).max(NUMBER_MAX).optional().describe("The last attempt if left out"),
  stream: z.enum(["stdout", "stderr", "all"]).default("all"),
  after: numberText.min(0).max(NUMBER_MAX).default(0).describe("Only chunks with a higher sequence number"),
});
export type ReadOutput = z.infer<typeof readOutputSchema>;

export const usageSampleSchema = z.object({
  atMs: z.number().describe("Since the attempt's start"),
  memoryBytes: z.number(),
  cpuMs: z.number(),
  throttledMs: z.number(),
  pids: z.number(),
});
export type UsageSample = z.infer<typeof usageSampleSchema>;

export const retryRunSchema = z.strictObject({
  limits: limitsInputSchema.optional(),
  retry: retryInputSchema.optional(),
});

const MANY_MAX = 500;

/** Runs that one deed is done to together. */
export const manyRunsSchema = z.strictObject({
  ids: z.array(idTextSchema).min(1, "must name at least one run").max(MANY_MAX, `must name at most ${MANY_MAX} runs`),
});

/** What became of many: a run that stood where the deed can't be done is skipped, with where it stands; `status` is null when there is none. */
export type ManyRuns = { done: string[]; skipped: { id: string; name: string | null; status: RunStatus | null }[] };
