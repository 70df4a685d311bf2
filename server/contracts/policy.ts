import { z } from "zod";

import { POLICY_OUTCOMES } from "./statuses.ts";

const positive = (unit: string) =>
  z.int(`must be a whole number of ${unit}`).positive(`must be a whole number of ${unit} above 0`).max(Number.MAX_SAFE_INTEGER);

/** What the kernel holds one attempt to; each name carries its unit. */
export const limitsSchema = z
  .strictObject({
    timeoutMs: positive("milliseconds").describe("Wall clock of one attempt, milliseconds"),
    memoryBytes: positive("bytes").describe("Memory of the whole process tree, bytes"),
    cpuMillis: positive("thousandths of a core").describe("CPU bandwidth; 1000 is one core"),
    pidsMax: positive("processes").describe("Processes and threads alive at once"),
    outputMaxBytes: positive("bytes").describe("stdout and stderr kept, bytes"),
    diskMaxBytes: positive("bytes").describe("Size of the workspace, bytes"),
  })
  .meta({ id: "Limits" });
export type Limits = z.infer<typeof limitsSchema>;

/** Limits as a submitter gives them: what is left out comes from settings. */
export const limitsInputSchema = limitsSchema.partial().meta({ id: "LimitsInput" });
export type LimitsInput = z.infer<typeof limitsInputSchema>;

const limitFactorSchema = z.number().min(1, "must be 1 or more").max(100, "must be at most 100");

/** Limits as multiples of those that each run has already. */
export const limitFactorsSchema = z
  .strictObject({
    timeoutMs: limitFactorSchema,
    memoryBytes: limitFactorSchema,
    cpuMillis: limitFactorSchema,
    pidsMax: limitFactorSchema,
    outputMaxBytes: limitFactorSchema,
    diskMaxBytes: limitFactorSchema,
  })
  .partial();
export type LimitFactors = z.infer<typeof limitFactorsSchema>;

export const BACKOFFS = ["exponential", "fixed"] as const;

const exitCodesSchema = z.array(z.int().min(1, "must be from 1 to 255").max(255, "must be from 1 to 255")).max(255);
const factorSchema = z.number().min(1, "must be 1 or more").max(10, "must be at most 10");

const retryShape = z.strictObject({
  maxRetries: z.int().min(0, "must be 0 or more").max(100, "must be at most 100").describe("Attempts = 1 + maxRetries"),
  backoff: z.enum(BACKOFFS),
  delayMs: z.int().min(0).max(86_400_000).describe("Delay before the first retry, milliseconds"),
  maxDelayMs: z.int().min(0).max(86_400_000).describe("Longest delay, milliseconds"),
  jitter: z.boolean().describe("Draw each delay at random between 0 and its full length (full jitter), so that failures do not return in step"),
  retryOn: z.array(z.enum(POLICY_OUTCOMES)).describe("Outcomes that are tried again"),
  finalExitCodes: exitCodesSchema.describe("Exit codes that are not tried again, whatever retryOn says"),
  retryExitCodes: exitCodesSchema.describe("Exit codes that are tried again even where exit_nonzero is not"),
  memoryFactor: factorSchema.describe("After out_of_memory the next attempt gets so many times the memory, up to the maximum"),
  timeoutFactor: factorSchema.describe("After timeout the next attempt gets so many times the time, up to the maximum"),
});

/** What a policy says that was written before the field was known. */
export const RETRY_ADDITIONS = {
  finalExitCodes: exitCodesSchema.default([]),
  retryExitCodes: exitCodesSchema.default([]),
  memoryFactor: factorSchema.default(1),
  timeoutFactor: factorSchema.default(1),
};

/** When and how often a failed attempt is tried again, and with what. */
export const retryPolicySchema = retryShape.extend(RETRY_ADDITIONS).meta({ id: "RetryPolicy" });
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

export const retryInputSchema = retryShape.partial().meta({ id: "RetryInput" });
export type RetryInput = z.infer<typeof retryInputSchema>;

/** What is wrong with exit codes that are to be both final and tried again; null when none is. */
export function codesInBoth({ finalExitCodes, retryExitCodes }: Pick<RetryPolicy, "finalExitCodes" | "retryExitCodes">): string | null {
  const both = retryExitCodes.filter((code) => finalExitCodes.includes(code));
  return both.length === 0 ? null : `must not name exit codes that finalExitCodes names too: ${both.join(", ")}.`;
}
