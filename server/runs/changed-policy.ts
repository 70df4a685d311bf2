import type { LimitFactors, Limits, LimitsInput, RetryInput, RetryPolicy } from "../contracts/policy.ts";
import { limitsSchema, retryPolicySchema } from "../contracts/policy.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import { LIMIT_NAMES } from "../contracts/statuses.ts";
import type { Run } from "../db/generated/client.ts";
import { resolveLimits, resolveRetry } from "./resolve-policy.ts";

/** What a retry changes of a run's policy: limits that it sets, limits that it multiplies, parts of the retry policy. */
export type PolicyChanges = { limits?: LimitsInput | undefined; limitFactors?: LimitFactors | undefined; retry?: RetryInput | undefined };

/** Whether it changes anything. */
export const changesPolicy = ({ limits, limitFactors, retry }: PolicyChanges) => limits !== undefined || limitFactors !== undefined || retry !== undefined;

/** A limit so many times, up to the maximum; a whole number. */
export const multiplied = (value: number, factor: number, maximum: number) => Math.min(maximum, Math.round(value * factor));

/**
 * A run's policy with what is given put in place of its own; the rest stays as it was.
 * @throws LimitExceededError, InvalidInputError when the result is refused: what the run already had may be above a new maximum.
 */
export function changedPolicy(run: Pick<Run, "limits" | "retry">, settings: SettingsValues, changes: PolicyChanges): { limits: Limits; retry: RetryPolicy } {
  const { limits, limitFactors, retry } = changes;
  const [ownLimits, ownRetry] = [limitsSchema.parse(run.limits), retryPolicySchema.parse(run.retry)];
  return {
    limits:
      limits === undefined && limitFactors === undefined ? ownLimits : resolveLimits(settings, { ...ownLimits, ...limitsOf(ownLimits, settings, changes) }),
    retry: retry === undefined ? ownRetry : resolveRetry(settings, { ...ownRetry, ...retry }),
  };
}

/** The limits that change, as they come to be. */
export function limitsOf(own: Limits, settings: SettingsValues, { limits = {}, limitFactors = {} }: PolicyChanges): LimitsInput {
  const raised = LIMIT_NAMES.flatMap((name) => {
    const factor = limitFactors[name];
    return factor === undefined ? [] : [[name, multiplied(own[name], factor, settings.limits[name].maximum)]];
  });
  return { ...limits, ...(Object.fromEntries(raised) as LimitsInput) };
}
