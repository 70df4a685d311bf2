import { backoffCeilingMs } from "../contracts/backoff.ts";
import type { BackoffPolicy } from "../contracts/backoff.ts";

/**
 * The wait before retry number `retry`, in milliseconds. With jitter it is drawn from the whole of 0 to the ceiling
 * ("full jitter", AWS Architecture Blog 2015: the fewest collisions for the least total work).
 */
export function backoffDelayMs(policy: BackoffPolicy, retry: number, random: () => number): number {
  const ceiling = backoffCeilingMs(policy, retry);
  return policy.jitter ? Math.round(random() * ceiling) : ceiling;
}
