import fc from "fast-check";
import { expect, test } from "vitest";

import { backoffCeilingMs } from "../contracts/backoff.ts";
import { backoffDelayMs } from "./backoff.ts";

const policy = { backoff: "exponential", delayMs: 1000, maxDelayMs: 10_000, jitter: true } as const;

test("exponential doubles up to the longest delay", () => {
  expect([1, 2, 3, 4, 5, 60].map((retry) => backoffCeilingMs(policy, retry))).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test("fixed stays", () => {
  expect([1, 2, 9].map((retry) => backoffCeilingMs({ ...policy, backoff: "fixed" }, retry))).toEqual([1000, 1000, 1000]);
});

test("full jitter draws from 0 to the ceiling", () => {
  expect(backoffDelayMs(policy, 3, () => 0)).toBe(0);
  expect(backoffDelayMs(policy, 3, () => 0.25)).toBe(1000);
});

test("no delay ever leaves its bounds", () => {
  fc.assert(
    fc.property(
      fc.nat(86_400_000),
      fc.nat(86_400_000),
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.boolean(),
      (delayMs, maxDelayMs, retry, random, jitter) => {
        const delay = backoffDelayMs({ backoff: "exponential", delayMs, maxDelayMs, jitter }, retry, () => random);
        return Number.isInteger(delay) && delay >= 0 && delay <= maxDelayMs;
      },
    ),
  );
});
