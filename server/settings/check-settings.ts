import { codesInBoth } from "../contracts/policy.ts";
import type { Limits } from "../contracts/policy.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import { LIMIT_FLOORS, LIMIT_NAMES } from "../contracts/statuses.ts";
import { formatLimit } from "../contracts/units.ts";
import type { FieldError } from "../errors.ts";

/**
 * What is wrong with settings besides their shape: floor ≤ default ≤ maximum ≤ what the host can give. Empty when
 * nothing is. A maximum that stays as it was is not held against a host that has become smaller: else no other change
 * could be saved.
 */
export function checkSettings(values: SettingsValues, current: SettingsValues, ceilings: Limits): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of LIMIT_NAMES) {
    const { default: preset, maximum } = values.limits[name];
    const shown = (value: number) => formatLimit(name, value);
    if (preset < LIMIT_FLOORS[name]) {
      errors.push({ path: `limits.${name}.default`, message: `must be at least ${shown(LIMIT_FLOORS[name])}, or no script can start` });
    }
    if (preset > maximum) {
      errors.push({ path: `limits.${name}.default`, message: `must not be above the maximum (${shown(maximum)})` });
    }
    if (maximum > ceilings[name] && maximum !== current.limits[name].maximum) {
      errors.push({ path: `limits.${name}.maximum`, message: `must not be above what the host can give (${shown(ceilings[name])})` });
    }
  }
  const { retry, execute } = values;
  if (retry.maxRetries.default > retry.maxRetries.maximum) {
    errors.push({ path: "retry.maxRetries.default", message: `must not be above the maximum (${retry.maxRetries.maximum})` });
  }
  if (retry.delayMs > retry.maxDelayMs) {
    errors.push({ path: "retry.delayMs", message: "must not be longer than the longest delay" });
  }
  const both = codesInBoth(retry);
  if (both !== null) errors.push({ path: "retry.retryExitCodes", message: both });
  if (execute.defaultWaitMs > execute.maximumWaitMs) {
    errors.push({ path: "execute.defaultWaitMs", message: "must not be above the maximum wait" });
  }
  return errors;
}
