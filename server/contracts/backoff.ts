import type { RetryPolicy } from "./policy.ts";

/** Free of Zod at run time, so that the browser may import it to preview a schedule. */
export type BackoffPolicy = Pick<RetryPolicy, "backoff" | "delayMs" | "maxDelayMs" | "jitter">;

/** The longest wait before retry number `retry` (from 1), in milliseconds: doubled each time when exponential, capped. */
export function backoffCeilingMs(policy: BackoffPolicy, retry: number): number {
  const factor = policy.backoff === "exponential" ? 2 ** Math.min(retry - 1, 40) : 1;
  return Math.min(policy.delayMs * factor, policy.maxDelayMs);
}
