import type { Limits } from "#server/contracts/policy.ts";
import type { LimitName, Outcome } from "#server/contracts/statuses.ts";
import { formatLimit } from "#server/contracts/units.ts";

/** The limit that an outcome speaks of. */
const LIMIT_OF_OUTCOME: Partial<Record<Outcome, LimitName>> = {
  timeout: "timeoutMs",
  out_of_memory: "memoryBytes",
  process_limit: "pidsMax",
  output_limit: "outputMaxBytes",
  disk_limit: "diskMaxBytes",
};

export type Suggestion = { limits: Partial<Limits>; label: string };

/** A retry that could end better: with twice the limit that was hit, as far as the maximum allows. Null when no limit was hit or it can't be raised. */
export function suggestRetry(outcome: Outcome | null, limits: Limits, maxima: Partial<Record<LimitName, number>>): Suggestion | null {
  const name = outcome === null ? undefined : LIMIT_OF_OUTCOME[outcome];
  if (name === undefined) return null;
  const raised = Math.min(limits[name] * 2, maxima[name] ?? Number.POSITIVE_INFINITY);
  return raised > limits[name] ? { limits: { [name]: raised }, label: `Retry with ${formatLimit(name, raised)}` } : null;
}
