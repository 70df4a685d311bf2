import type { CgroupDriver } from "./cgroup/driver.ts";
import { describeOutcome } from "./outcome.ts";
import type { AttemptFacts } from "./outcome.ts";
import type { ExecutionResult, ExecutionSpec } from "./types.ts";

/** The result of an attempt that failed through our own fault before it began. */
export function failedResult(spec: ExecutionSpec, driver: CgroupDriver, reason: string): ExecutionResult {
  const usage = { wallMs: 0, cpuMs: 0, peakMemoryBytes: 0, throttledMs: 0, pidsPeak: 0 };
  const facts: AttemptFacts = {
    terminatedFor: null,
    spawnFailure: null,
    internalFailure: reason,
    exitCode: null,
    signal: null,
    evidence: {
      ...usage,
      oomKills: 0,
      thrashing: false,
      pidsLimitHits: 0,
      diskFreeBytes: null,
      leftoverProcesses: 0,
      keptBytes: 0,
      droppedBytes: 0,
      limits: spec.limits,
      driver: driver.name,
      enforced: driver.name !== "none",
      network: spec.network ? "host" : "off",
    },
  };
  const now = Date.now();
  return {
    outcome: "internal_error",
    message: describeOutcome("internal_error", facts),
    exitCode: null,
    signal: null,
    startedAt: now,
    finishedAt: now,
    usage,
    output: { stdoutBytes: 0, stderrBytes: 0, droppedBytes: 0 },
    evidence: { ...facts.evidence, exitCode: null, signal: null, signalSentBy: null, detail: reason },
  };
}
