import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";

import { hasCode } from "../errors.ts";
import type { Cgroup, CgroupDriver, CgroupStats } from "./driver.ts";

const NO_STATS: CgroupStats = {
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
};
const KILL_PATIENCE_MS = 10_000;

/** No limits at all: only by the administrator's explicit choice, and said on every run. */
export function openNone(): CgroupDriver {
  return { name: "none", directories: [], create: () => Promise.resolve(createNone()), close: () => Promise.resolve() };
}

/** Ends a sandbox by the first process of its pid namespace: the kernel kills all others with it. */
function createNone(): Cgroup {
  let first: number | null = null;
  const processes = () => (first === null ? [] : withDescendants(first));
  return {
    path: "",
    directories: [],
    joinFiles: [],
    stats: () => NO_STATS,
    cpuMs: () => NO_STATS.cpuMs,
    processes,
    started: (innerPid) => {
      first = innerPid;
    },
    setLimits: () => undefined,
    endHeadStart: () => undefined,
    liftCpuQuota: () => undefined,
    kill: async () => {
      for (const deadline = performance.now() + KILL_PATIENCE_MS; processes().length > 0; await nextTurn()) {
        if (performance.now() > deadline) throw new Error("A sandbox's processes survived SIGKILL for ten seconds.");
        try {
          if (first !== null) process.kill(first, "SIGKILL");
        } catch (error) {
          if (!hasCode(error, "ESRCH")) throw error;
        }
      }
      // Its number may be another's from now on.
      first = null;
    },
    destroy: () => Promise.resolve(),
  };
}

/** A process and all that descend from it, without zombies (proc_pid_stat(5); task/…/children needs CONFIG_PROC_CHILDREN, as checkpointing does). */
function withDescendants(pid: number): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    if (/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2))) return [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    return [pid, ...children.flatMap(withDescendants)];
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH")) return [];
    throw error;
  }
}
