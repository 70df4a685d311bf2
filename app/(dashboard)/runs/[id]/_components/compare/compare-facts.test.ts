import { expect, test } from "vitest";

import type { Attempt } from "#server/contracts/runs.ts";

import { changeText, compareFacts } from "./compare-facts.ts";

const limits = { timeoutMs: 1000, memoryBytes: 64 * 1024 ** 2, cpuMillis: 1000, pidsMax: 64, outputMaxBytes: 1024, diskMaxBytes: 1024 ** 2 };

const attempt = (changes: Partial<Attempt>): Attempt => ({
  number: 1,
  status: "finished",
  outcome: "out_of_memory",
  message: null,
  exitCode: null,
  signal: "SIGKILL",
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
  workerId: "019a0000-0000-7000-8000-000000000001",
  limits,
  usage: { wallMs: 1000, cpuMs: 500, peakMemoryBytes: 64 * 1024 ** 2, throttledMs: 0, pidsPeak: 2 },
  output: { stdoutBytes: 100, stderrBytes: 0, droppedBytes: 0, removedAt: null },
  evidence: null,
  enforced: true,
  ...changes,
});

test.each([
  [100, 138, "+38 %"],
  [100, 50, "−50 %"],
  [100, 200, "× 2"],
  [100, 2550, "× 26"],
  [100, 100, null],
  [0, 10, null],
  [1000, 1001, null],
])("%d to %d is %s", (left, right, expected) => expect(changeText(left, right)).toBe(expected));

test("of the limits only those that differ are named", () => {
  const facts = compareFacts(attempt({}), attempt({ outcome: "succeeded", signal: null, exitCode: 0, limits: { ...limits, memoryBytes: 128 * 1024 ** 2 } }));
  expect(facts.filter(({ name }) => name.endsWith("limit"))).toEqual([{ name: "Memory limit", left: "64 MiB", right: "128 MiB", change: "× 2" }]);
  expect(facts.slice(0, 2)).toMatchObject([
    { name: "Outcome", left: "Out of memory", right: "Succeeded" },
    { name: "Exit", left: "SIGKILL", right: "0" },
  ]);
});

test("what still runs has not used anything yet", () => {
  const facts = compareFacts(attempt({}), attempt({ status: "running", outcome: null, usage: null }));
  expect(facts.find(({ name }) => name === "Duration")).toEqual({ name: "Duration", left: "1 s", right: "not yet", change: null });
});
