import type { RetryPolicy } from "../contracts/policy.ts";

type BackoffPolicy = Pick<RetryPolicy, "backoff" | "delayMs" | "maxDelayMs" | "jitter">;

/** The longest wait before retry number `retry` (from 1), in milliseconds: doubled each time when exponential, capped. */
export function backoffCeilingMs(policy: BackoffPolicy, retry: number): number {
  const factor = policy.backoff === "exponential" ? 2 ** Math.min(retry - 1, 40) : 1;
  return Math.min(policy.delayMs * factor, policy.maxDelayMs);
}

/**
 * The wait before retry number `retry`, in milliseconds. With jitter it is drawn from the whole of 0 to the ceiling
 * ("full jitter", AWS Architecture Blog 2015: the fewest collisions for the least total work).
 */
export function backoffDelayMs(policy: BackoffPolicy, retry: number, random: () => number): number {
  const ceiling = backoffCeilingMs(policy, retry);
  return policy.jitter ? Math.round(random() * ceiling) : ceiling;
}
