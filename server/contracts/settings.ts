import { z } from "zod";

import { BACKOFFS, RETRY_ADDITIONS, limitsInputSchema, limitsSchema } from "./policy.ts";
import { LIMIT_NAMES, POLICY_OUTCOMES } from "./statuses.ts";
import { textSchema } from "./text.ts";

const limitSettingSchema = z.strictObject({
  default: z.int().positive("must be above 0"),
  maximum: z.int().positive("must be above 0"),
});

const days = z.int().min(1, "must be at least 1 day").max(3650, "must be at most 3650 days");

/** As long as any run is kept at first; also what settings that were written before there was a choice mean. */
export const OUTPUT_DAYS = 90;

/** The most that may be allowed to wait in the interactive lane. */
export const MOST_QUEUED = 10_000;

/** The administrator's defaults and maxima. */
export const settingsValuesSchema = z.strictObject({
  limits: z.strictObject(
    Object.fromEntries(LIMIT_NAMES.map((name) => [name, limitSettingSchema])) as Record<keyof typeof limitsSchema.shape, typeof limitSettingSchema>,
  ),
  retry: z.strictObject({
    maxRetries: z.strictObject({ default: z.int().min(0).max(100), maximum: z.int().min(0).max(100) }),
    backoff: z.enum(BACKOFFS),
    delayMs: z.int().min(0).max(86_400_000),
    maxDelayMs: z.int().min(0).max(86_400_000),
    jitter: z.boolean(),
    retryOn: z.array(z.enum(POLICY_OUTCOMES)),
    ...RETRY_ADDITIONS,
  }),
  execute: z.strictObject({
    defaultWaitMs: z.int().min(0).max(3_600_000).describe("How long /execute waits when Prefer is absent"),
    maximumWaitMs: z.int().min(0).max(3_600_000),
    maximumQueued: z
      .int()
      .min(1, "must be 1 or more")
      .max(MOST_QUEUED, "must be at most 10,000")
      .default(64)
      .describe("Runs that may wait for a free interactive slot; further ones are answered 429"),
  }),
  termination: z.strictObject({
    gracePeriodMs: z.int().min(0).max(60_000).describe("Between SIGTERM and the kill of the whole cgroup"),
    onOutputLimit: z.enum(["truncate", "end"]),
  }),
  network: z.strictObject({ allowed: z.boolean() }),
  retention: z.strictObject({
    runsDays: days,
    deadLettersDays: days,
    outputDays: days.default(OUTPUT_DAYS).describe("Output and samples of an attempt that ended so long ago are removed, though its run is kept"),
  }),
});
export type SettingsValues = z.infer<typeof settingsValuesSchema>;

/** The most that the machines themselves could give; no maximum may pass it. */
export const ceilingsSchema = limitsSchema;

export const settingsSchema = settingsValuesSchema.extend({
  version: z.int(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
  ceilings: ceilingsSchema.describe("What the host can give at most; read only"),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Body of PUT /settings: what GET returned, changed. The read-only fields may stay in it; they are ignored. */
export const settingsInputSchema = settingsValuesSchema.extend({
  version: z.int().optional(),
  updatedAt: textSchema.optional(),
  updatedBy: textSchema.optional(),
  ceilings: z.unknown().optional(),
});

export const updateSettingsSchema = z.strictObject({
  /** The version the change was made from; another one in force is a conflict. */
  version: z.int(),
  values: settingsInputSchema,
});

/** Which runs that wait were given more than these maxima? */
export const countExceedingSchema = z.strictObject({ maxima: limitsInputSchema });
export type CountExceeding = z.infer<typeof countExceedingSchema>;

export const settingsChangeSchema = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  changes: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
