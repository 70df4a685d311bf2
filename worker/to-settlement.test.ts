import { expect, test } from "vitest";

import type { AbortReason } from "./active-attempts.ts";
import type { ExecutionResult } from "./executor/types.ts";
import { toSettlement } from "./to-settlement.ts";

const lease = { attemptId: "attempt", leaseToken: "token", startedAt: new Date("2026-01-01T00:00:00Z") };

const ended = (outcome: ExecutionResult["outcome"]): ExecutionResult => ({
  outcome,
  message: "It ended.",
  exitCode: null,
  signal: null,
  startedAt: 0,
  finishedAt: 1_500,
  usage: { wallMs: 1_500, cpuMs: 1, peakMemoryBytes: 1, throttledMs: 0, pidsPeak: 1 },
  output: { stdoutBytes: 1, stderrBytes: 2, droppedBytes: 0 },
  evidence: {} as ExecutionResult["evidence"],
});

test.each<[ExecutionResult["outcome"], AbortReason | null, string, string | null]>([
  // A person asked, and nobody else did.
  ["cancelled", "cancel", "cancelled", null],
  ["cancelled", "shutdown", "worker_lost", "shutdown"],
  ["cancelled", "fenced", "worker_lost", "shutdown"],
  // By the deadline, or because the executor was just closing: it was not heard of yet.
  ["cancelled", null, "worker_lost", "shutdown"],
  // What ended by itself in the same moment keeps its own outcome.
  ["succeeded", "cancel", "succeeded", null],
  ["succeeded", "fenced", "succeeded", null],
  ["exit_nonzero", "shutdown", "exit_nonzero", null],
  ["timeout", null, "timeout", null],
])("%s, ended for %s, is settled as %s, interrupted by %s", (outcome, abortedFor, settledAs, interruption) => {
  const settlement = toSettlement(lease, ended(outcome), abortedFor);
  expect([settlement.end.outcome, settlement.interruption]).toEqual([settledAs, interruption]);
});

test("an attempt's end is its start by the database's clock and its length by a monotonic one", () => {
  expect(toSettlement(lease, ended("succeeded"), null).end.finishedAt).toEqual(new Date("2026-01-01T00:00:01.500Z"));
});
