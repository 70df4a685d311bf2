import type { Executor } from "./executor/types.ts";

/** For tests and benchmarks: an executor whose scripts have ended when they begin. What is left is what a run costs around its script. */
export const executeNothing: Executor = {
  capabilities: {
    runtimes: [],
    driver: "none",
    enforced: false,
    isolation: "root",
    network: "host",
    warnings: [],
    host: { cpuMillis: 1_000, memoryBytes: 1024 ** 3 },
  },
  execute: async ({ limits }) => {
    const now = Date.now();
    const usage = { wallMs: 0, cpuMs: 0, peakMemoryBytes: 0, throttledMs: 0, pidsPeak: 0 };
    return {
      outcome: "succeeded",
      message: "It ended.",
      exitCode: 0,
      signal: null,
      startedAt: now,
      finishedAt: now,
      usage,
      output: { stdoutBytes: 0, stderrBytes: 0, droppedBytes: 0 },
      evidence: {
        ...usage,
        exitCode: 0,
        signal: null,
        signalSentBy: null,
        oomKills: 0,
        thrashing: false,
        pidsLimitHits: 0,
        diskFreeBytes: null,
        leftoverProcesses: 0,
        keptBytes: 0,
        droppedBytes: 0,
        limits,
        driver: "none",
        enforced: false,
        isolation: "root",
        cgroup: null,
        network: "off",
        detail: null,
      },
    };
  },
  sweep: async () => [],
  endAt: () => undefined,
  close: async () => undefined,
};
