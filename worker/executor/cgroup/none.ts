import type { Cgroup, CgroupDriver } from "./driver.ts";

const NOTHING: Cgroup = {
  directories: [],
  joinFiles: [],
  stats: () =>
    Promise.resolve({
      memoryBytes: 0,
      peakMemoryBytes: 0,
      unreclaimableBytes: 0,
      refaults: 0,
      oomKills: 0,
      cpuMs: 0,
      throttledMs: 0,
      pids: 0,
      pidsPeak: 0,
      pidsLimitHits: 0,
    }),
  processes: () => Promise.resolve([]),
  liftCpuQuota: () => Promise.resolve(),
  // The pid namespace still ends everything with its first process; nothing else is there to be ended.
  kill: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
};

/** No limits at all: only by the administrator's explicit choice, and said on every run. */
export function openNone(): CgroupDriver {
  return { name: "none", directories: [], create: () => Promise.resolve(NOTHING), close: () => Promise.resolve() };
}
