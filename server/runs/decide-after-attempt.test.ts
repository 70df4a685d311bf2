import { describe, expect, test } from "vitest";

import type { Limits, RetryPolicy } from "../contracts/policy.ts";
import { OUTCOMES, POLICY_OUTCOMES, RETRIED_BY_DEFAULT } from "../contracts/statuses.ts";
import type { Outcome } from "../contracts/statuses.ts";
import { INTERNAL_ERRORS_MAX, POISON_AFTER_CRASHES, decideAfterAttempt } from "./decide-after-attempt.ts";
import type { AfterAttemptInput, RunCounters } from "./decide-after-attempt.ts";

const retry: RetryPolicy = {
  maxRetries: 2,
  backoff: "exponential",
  delayMs: 1000,
  maxDelayMs: 60_000,
  jitter: false,
  retryOn: [...RETRIED_BY_DEFAULT],
  finalExitCodes: [],
  retryExitCodes: [],
  memoryFactor: 1,
  timeoutFactor: 1,
};
const MIB = 1024 ** 2;
const limits: Limits = { timeoutMs: 1000, memoryBytes: 64 * MIB, cpuMillis: 1000, pidsMax: 16, outputMaxBytes: MIB, diskMaxBytes: MIB };
const maxima: Limits = { ...limits, timeoutMs: 2500, memoryBytes: 256 * MIB };
const none: RunCounters = { chargedFailures: 0, interruptions: 0, workerCrashes: 0, internalErrors: 0 };

const decide = (outcome: Outcome, changes: Partial<AfterAttemptInput> = {}) =>
  decideAfterAttempt({
    outcome,
    interruption: null,
    cancelRequested: false,
    deadLetter: true,
    retry,
    exitCode: null,
    limits,
    maxima,
    counters: none,
    random: () => 0.5,
    ...changes,
  });

describe("the first attempt of a run with retries left", () => {
  const expected: Record<Outcome, string> = {
    succeeded: "succeeded",
    cancelled: "cancelled",
    timeout: "retrying",
    output_limit: "dead",
    out_of_memory: "retrying",
    process_limit: "dead",
    disk_limit: "dead",
    signal: "retrying",
    exit_nonzero: "retrying",
    spawn_error: "dead",
    worker_lost: "retrying",
    internal_error: "retrying",
  };
  test.each(OUTCOMES)("%s", (outcome) => {
    expect(decide(outcome).status).toBe(expected[outcome]);
  });
});

describe("charging", () => {
  test.each(POLICY_OUTCOMES)("%s is charged", (outcome) => {
    expect(decide(outcome).counters).toEqual({ ...none, chargedFailures: 1 });
  });

  test.each(["worker_lost", "internal_error"] as const)("%s is an interruption, never charged", (outcome) => {
    const { counters } = decide(outcome);
    expect(counters.chargedFailures).toBe(0);
    expect(counters.interruptions).toBe(1);
  });

  test("maxRetries 2 means three attempts", () => {
    expect(decide("exit_nonzero", { counters: { ...none, chargedFailures: 1 } }).status).toBe("retrying");
    expect(decide("exit_nonzero", { counters: { ...none, chargedFailures: 2 } }).status).toBe("dead");
  });

  test("interruptions do not use the retries up", () => {
    expect(decide("exit_nonzero", { counters: { ...none, chargedFailures: 1, interruptions: 40 } }).status).toBe("retrying");
  });
});

describe("what can't pass by itself", () => {
  test("three crashes of the worker in a row make a poison run a dead letter", () => {
    const before = { ...none, workerCrashes: POISON_AFTER_CRASHES - 1 };
    expect(decide("worker_lost", { interruption: "crash", counters: before }).status).toBe("dead");
  });

  test("a shutdown is not a crash, however often it comes", () => {
    const before = { ...none, workerCrashes: POISON_AFTER_CRASHES - 1 };
    const after = decide("worker_lost", { interruption: "shutdown", counters: before });
    expect(after.status).toBe("retrying");
    expect(after.counters.workerCrashes).toBe(before.workerCrashes);
  });

  test("a script that ends, however, breaks the row", () => {
    const before = { ...none, workerCrashes: 2, internalErrors: 2 };
    expect(decide("exit_nonzero", { counters: before }).counters).toMatchObject({ workerCrashes: 0, internalErrors: 0 });
  });

  test("internal errors are bounded", () => {
    const before = { ...none, internalErrors: INTERNAL_ERRORS_MAX - 1 };
    expect(decide("internal_error", { counters: before }).status).toBe("dead");
  });
});

describe("a requested cancel", () => {
  test.each(OUTCOMES.filter((outcome) => outcome !== "succeeded"))("ends the run for good after %s", (outcome) => {
    expect(decide(outcome, { cancelRequested: true })).toMatchObject({ status: "cancelled", delayMs: null });
  });

  test("does not take a success away", () => {
    expect(decide("succeeded", { cancelRequested: true }).status).toBe("succeeded");
  });
});

test("a run that wants no dead letter fails instead", () => {
  expect(decide("spawn_error", { deadLetter: false }).status).toBe("failed");
});

test("only what the policy names is retried", () => {
  expect(decide("spawn_error", { retry: { ...retry, retryOn: ["spawn_error"] } }).status).toBe("retrying");
  expect(decide("timeout", { retry: { ...retry, retryOn: ["spawn_error"] } }).status).toBe("dead");
});

test("the delay doubles with each charged failure; a lost worker costs none", () => {
  const many = { ...retry, maxRetries: 9 };
  const delays = [0, 1, 2].map((chargedFailures) => decide("timeout", { retry: many, counters: { ...none, chargedFailures } }).delayMs);
  expect(delays).toEqual([1000, 2000, 4000]);
  expect(decide("worker_lost").delayMs).toBe(0);
});

test("an exit code may be final, or tried again, whatever the outcome's own rule", () => {
  const codes = { ...retry, finalExitCodes: [2], retryExitCodes: [75] };
  expect(decide("exit_nonzero", { retry: codes, exitCode: 2 }).status).toBe("dead");
  expect(decide("exit_nonzero", { retry: codes, exitCode: 1 }).status).toBe("retrying");
  const only = { ...codes, retryOn: [] };
  expect(decide("exit_nonzero", { retry: only, exitCode: 75 }).status).toBe("retrying");
  expect(decide("exit_nonzero", { retry: only, exitCode: 1 }).status).toBe("dead");
  // An exit code that did not decide the outcome decides nothing.
  expect(decide("out_of_memory", { retry: codes, exitCode: 2 }).status).toBe("retrying");
});

describe("what an attempt died of, the next gets more of", () => {
  const raising = { ...retry, memoryFactor: 1.5, timeoutFactor: 2 };
  test("memory after out_of_memory, time after timeout, and nothing else", () => {
    expect(decide("out_of_memory", { retry: raising }).limits).toEqual({ ...limits, memoryBytes: 96 * MIB });
    expect(decide("timeout", { retry: raising }).limits).toEqual({ ...limits, timeoutMs: 2000 });
    for (const outcome of ["exit_nonzero", "signal", "worker_lost", "internal_error"] as const)
      expect(decide(outcome, { retry: raising }).limits).toEqual(limits);
  });
  test("never above the maximum, and never less than it had", () => {
    expect(decide("timeout", { retry: { ...raising, timeoutFactor: 10 } }).limits.timeoutMs).toBe(2500);
    expect(decide("timeout", { retry: raising, limits: { ...limits, timeoutMs: 9000 } }).limits.timeoutMs).toBe(9000);
  });
  test("not where there is no next", () => {
    expect(decide("timeout", { retry: { ...raising, maxRetries: 0 } })).toMatchObject({ status: "dead", limits });
  });
});
