import { describe, expect, test } from "vitest";

import { LimitExceededError, ServiceError } from "../errors.ts";
import { firstSettings } from "../settings/first-settings.ts";
import { policyResolver, resolveLimits, resolveRetry } from "./resolve-policy.ts";

const GIB = 1024 ** 3;
const settings = firstSettings({}, { memoryBytes: 8 * GIB, cpuMillis: 4000 });

function refusal(action: () => unknown): ServiceError {
  try {
    action();
  } catch (error) {
    if (error instanceof ServiceError) return error;
  }
  throw new Error("It was not refused.");
}

test("who asks for the same shares one policy, and nobody another's", () => {
  const policyOf = policyResolver(settings);
  const asked = { limits: { pidsMax: 10 }, retry: { maxRetries: 1 } };
  expect(policyOf({ ...asked })).toBe(policyOf({ ...asked }));
  expect(policyOf(asked)).toEqual({ limits: resolveLimits(settings, asked.limits), retry: resolveRetry(settings, asked.retry) });
  expect(policyOf({ limits: asked.limits })).toEqual({ limits: resolveLimits(settings, asked.limits), retry: resolveRetry(settings) });
  expect(policyOf({ retry: asked.retry })).toEqual({ limits: resolveLimits(settings), retry: resolveRetry(settings, asked.retry) });
});

describe("limits", () => {
  test("what is left out comes from settings", () => {
    expect(resolveLimits(settings, { pidsMax: 10 })).toEqual({
      timeoutMs: 300_000,
      memoryBytes: GIB,
      cpuMillis: 2000,
      pidsMax: 10,
      outputMaxBytes: 10 * 1024 ** 2,
      diskMaxBytes: 512 * 1024 ** 2,
    });
  });

  test("above the maximum is refused by name, with the maximum; every limit at once", () => {
    const error = refusal(() => resolveLimits(settings, { memoryBytes: 100 * GIB, timeoutMs: 9_000_000 }));
    expect(error).toBeInstanceOf(LimitExceededError);
    expect(error.fields.map((field) => field.path)).toEqual(["limits.timeoutMs", "limits.memoryBytes"]);
    expect(error.message).toContain("above the maximum of 3600000 (1 h) set by the administrator");
  });

  test("exactly the maximum is allowed", () => {
    const { maximum } = settings.limits.memoryBytes;
    expect(resolveLimits(settings, { memoryBytes: maximum }).memoryBytes).toBe(maximum);
  });

  test("too little for an interpreter is refused", () => {
    expect(refusal(() => resolveLimits(settings, { memoryBytes: 1024 })).fields).toMatchObject([{ path: "limits.memoryBytes" }]);
  });
});

describe("retry policy", () => {
  test("what is left out comes from settings", () => {
    expect(resolveRetry(settings, { maxRetries: 1 })).toMatchObject({ maxRetries: 1, backoff: "exponential", delayMs: 1000, maxDelayMs: 300_000 });
  });

  test("more retries than allowed are refused by name", () => {
    expect(refusal(() => resolveRetry(settings, { maxRetries: 50 })).fields).toMatchObject([{ path: "retry.maxRetries" }]);
  });

  test("a longest delay below the settings' first delay shortens that", () => {
    expect(resolveRetry(settings, { maxDelayMs: 200 })).toMatchObject({ delayMs: 200, maxDelayMs: 200 });
  });

  test("a first delay above the given longest is refused", () => {
    expect(refusal(() => resolveRetry(settings, { delayMs: 500, maxDelayMs: 200 })).fields).toMatchObject([{ path: "retry.delayMs" }]);
  });
});
