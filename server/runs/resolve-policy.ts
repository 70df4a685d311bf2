import { formatLimit } from "../contracts/units.ts";
import { codesInBoth } from "../contracts/policy.ts";
import type { Limits, LimitsInput, RetryInput, RetryPolicy } from "../contracts/policy.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import { LIMIT_FLOORS, LIMIT_NAMES } from "../contracts/statuses.ts";
import type { FieldError } from "../errors.ts";
import { LimitExceededError, InvalidInputError } from "../errors.ts";

/** What a run is held to, and when it is tried again. */
export type Policy = { limits: Limits; retry: RetryPolicy };

/**
 * Resolves policies by settings. Who asks for the same gets the same object: most runs of a batch do, and what is one object is checked,
 * written and read once.
 */
export function policyResolver(settings: SettingsValues): (asked: { limits?: LimitsInput; retry?: RetryInput }) => Policy {
  const resolved = new Map<string, Policy>();
  return ({ limits, retry }) => {
    const key = JSON.stringify([limits, retry]);
    const policy = resolved.get(key) ?? { limits: resolveLimits(settings, limits), retry: resolveRetry(settings, retry) };
    resolved.set(key, policy);
    return policy;
  };
}

/**
 * The limits in force: what was asked for, else the settings' defaults.
 * @throws LimitExceededError naming every limit above the administrator's maximum; it is never lowered in silence.
 * @throws InvalidInputError for one below what an interpreter needs to start.
 */
export function resolveLimits(settings: SettingsValues, asked: LimitsInput = {}): Limits {
  const tooHigh: FieldError[] = [];
  const tooLow: FieldError[] = [];
  const limits = {} as Limits;
  for (const name of LIMIT_NAMES) {
    const { default: preset, maximum } = settings.limits[name];
    const value = asked[name] ?? preset;
    const path = `limits.${name}`;
    if (value > maximum) {
      tooHigh.push({
        path,
        message: `${name} ${value} (${formatLimit(name, value)}) is above the maximum of ${maximum} (${formatLimit(name, maximum)}) set by the administrator. Ask for ${maximum} or less.`,
      });
    } else if (value < LIMIT_FLOORS[name]) {
      tooLow.push({ path, message: `${name} must be at least ${LIMIT_FLOORS[name]} (${formatLimit(name, LIMIT_FLOORS[name])}).` });
    }
    limits[name] = value;
  }
  if (tooHigh.length > 0) throw new LimitExceededError(tooHigh);
  if (tooLow.length > 0) throw new InvalidInputError(tooLow);
  return limits;
}

/**
 * The retry policy in force, likewise.
 * @throws LimitExceededError when maxRetries is above the administrator's maximum.
 * @throws InvalidInputError when the first delay is longer than the longest.
 */
export function resolveRetry(settings: SettingsValues, asked: RetryInput = {}): RetryPolicy {
  const preset = settings.retry;
  const maxRetries = asked.maxRetries ?? preset.maxRetries.default;
  if (maxRetries > preset.maxRetries.maximum) {
    const message = `maxRetries ${maxRetries} is above the maximum of ${preset.maxRetries.maximum} set by the administrator. Ask for ${preset.maxRetries.maximum} or less.`;
    throw new LimitExceededError([{ path: "retry.maxRetries", message }]);
  }
  const delayMs = asked.delayMs ?? (asked.maxDelayMs === undefined ? preset.delayMs : Math.min(preset.delayMs, asked.maxDelayMs));
  const maxDelayMs = asked.maxDelayMs ?? Math.max(preset.maxDelayMs, delayMs);
  if (delayMs > maxDelayMs) {
    throw new InvalidInputError([{ path: "retry.delayMs", message: `must not be longer than maxDelayMs (${maxDelayMs}).` }]);
  }
  const finalExitCodes = asked.finalExitCodes ?? preset.finalExitCodes;
  // What one names overrides the other's preset; only what was named twice contradicts itself.
  const retryExitCodes = asked.retryExitCodes ?? preset.retryExitCodes.filter((code) => !finalExitCodes.includes(code));
  const codes = {
    retryExitCodes: [...new Set(retryExitCodes)],
    finalExitCodes: [...new Set(asked.finalExitCodes ?? finalExitCodes.filter((code) => !retryExitCodes.includes(code)))],
  };
  const both = codesInBoth(codes);
  if (both !== null) throw new InvalidInputError([{ path: "retry.retryExitCodes", message: both }]);
  return {
    maxRetries,
    backoff: asked.backoff ?? preset.backoff,
    delayMs,
    maxDelayMs,
    jitter: asked.jitter ?? preset.jitter,
    retryOn: [...new Set(asked.retryOn ?? preset.retryOn)],
    ...codes,
    memoryFactor: asked.memoryFactor ?? preset.memoryFactor,
    timeoutFactor: asked.timeoutFactor ?? preset.timeoutFactor,
  };
}
