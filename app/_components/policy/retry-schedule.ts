import { backoffCeilingMs } from "#server/contracts/backoff.ts";
import type { RetryPolicy } from "#server/contracts/policy.ts";

import { attemptsText, durationText } from "./retry-text.ts";

/** Waits that are written out before the rest is summed up. */
const SHOWN_WAITS = 6;

export type RetrySchedule = {
  /** The longest wait before each retry, in milliseconds. */
  waitsMs: number[];
  /** "≈ 1 s, 2 s, 4 s; up to 4 attempts". */
  text: string;
  /** Every attempt runs into its timeout and every wait is the longest: when the run would be over at the latest. */
  worstCaseMs: number;
};

/** What a retry policy comes to, in time and in words. */
export function retrySchedule(policy: RetryPolicy, timeoutMs: number): RetrySchedule {
  const waitsMs = Array.from({ length: policy.maxRetries }, (_, index) => backoffCeilingMs(policy, index + 1));
  const worstCaseMs = (policy.maxRetries + 1) * timeoutMs + waitsMs.reduce((sum, wait) => sum + wait, 0);
  return { waitsMs, text: scheduleText(policy, waitsMs), worstCaseMs };
}

function scheduleText(policy: RetryPolicy, waitsMs: number[]): string {
  if (waitsMs.length === 0) return "No retries; 1 attempt";
  const shown = waitsMs.slice(0, SHOWN_WAITS).map(durationText).join(", ");
  const more = waitsMs.length > SHOWN_WAITS ? ", …" : "";
  return `≈ ${shown}${more}; ${attemptsText(policy.maxRetries + 1)}`;
}
