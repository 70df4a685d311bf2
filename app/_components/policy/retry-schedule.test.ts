import { describe, expect, it } from "vitest";

import type { RetryPolicy } from "#server/contracts/policy.ts";

import { retrySchedule } from "./retry-schedule.ts";
import { EMPTY_RETRY_DRAFT, policyInForce, readRetry } from "./retry-text.ts";
import type { RetryDefaults } from "./retry-text.ts";

const policy: RetryPolicy = {
  maxRetries: 3,
  backoff: "exponential",
  delayMs: 1000,
  maxDelayMs: 300_000,
  jitter: true,
  retryOn: ["timeout"],
  finalExitCodes: [],
  retryExitCodes: [],
  memoryFactor: 1,
  timeoutFactor: 1,
};
const defaults: RetryDefaults = { ...policy, maxRetries: { default: 3, maximum: 10 } };

describe("retrySchedule", () => {
  it("doubles and says so", () => {
    const schedule = retrySchedule(policy, 60_000);
    expect(schedule.text).toBe("≈ 1 s, 2 s, 4 s; up to 4 attempts");
    expect(schedule.worstCaseMs).toBe(4 * 60_000 + 7000);
  });

  it("stays at the longest delay", () => {
    expect(retrySchedule({ ...policy, maxDelayMs: 3000, maxRetries: 4 }, 1).waitsMs).toEqual([1000, 2000, 3000, 3000]);
  });

  it("stays the same when fixed", () => {
    expect(retrySchedule({ ...policy, backoff: "fixed" }, 1).text).toBe("≈ 1 s, 1 s, 1 s; up to 4 attempts");
  });

  it("shortens a long list and knows none", () => {
    expect(retrySchedule({ ...policy, maxRetries: 10 }, 1).text).toBe("≈ 1 s, 2 s, 4 s, 8 s, 16 s, 32 s, …; up to 11 attempts");
    expect(retrySchedule({ ...policy, maxRetries: 0 }, 1).text).toBe("No retries; 1 attempt");
  });
});

describe("readRetry", () => {
  it("asks for nothing when nothing was set", () => {
    expect(readRetry(EMPTY_RETRY_DRAFT, defaults)).toEqual({ input: {}, problems: {} });
  });

  it("asks for what was set", () => {
    const draft = { ...EMPTY_RETRY_DRAFT, maxRetries: "2", delay: "500ms", maxDelay: "1m", jitter: false };
    expect(readRetry(draft, defaults)).toEqual({ input: { maxRetries: 2, delayMs: 500, maxDelayMs: 60_000, jitter: false }, problems: {} });
  });

  it("names what is wrong", () => {
    expect(readRetry({ ...EMPTY_RETRY_DRAFT, maxRetries: "11" }, defaults).problems.maxRetries).toContain("maximum of 10");
    expect(readRetry({ ...EMPTY_RETRY_DRAFT, maxRetries: "-1" }, defaults).problems.maxRetries).toContain("whole number");
    expect(readRetry({ ...EMPTY_RETRY_DRAFT, delay: "2m", maxDelay: "1m" }, defaults).problems.delayMs).toContain("longest delay");
    expect(readRetry({ ...EMPTY_RETRY_DRAFT, maxDelay: "25h" }, defaults).problems.maxDelayMs).toContain("24 h");
  });
});

describe("policyInForce", () => {
  it("pulls the other delay along, as the server does", () => {
    expect(policyInForce({ maxDelayMs: 500 }, defaults).delayMs).toBe(500);
    expect(policyInForce({ delayMs: 600_000 }, defaults).maxDelayMs).toBe(600_000);
  });
});
