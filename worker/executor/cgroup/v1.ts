import { join } from "node:path";

import { hasCode } from "../errors.ts";
import { CPU_PERIOD_US, HEAD_START_WEIGHT, SANDBOX_PROCESSES } from "./driver.ts";
import type { Cgroup, CgroupDriver, CgroupStats, SubtreeLimits } from "./driver.ts";
import { killUntilEmpty, makeCgroup, readNumber, readPids, readTable, removeCgroup, writeKnobIfPresent, writeLimit, writeLimitIfPresent } from "./knobs.ts";

export const V1_CONTROLLERS = ["memory", "cpu", "cpuacct", "pids"] as const;
/** The kernel's own, of every cgroup. */
const DEFAULT_SHARES = 1024;
export type V1Controller = (typeof V1_CONTROLLERS)[number];

/**
 * Where this process is: its cgroup's directory under each controller, and under the controller-less v2 hierarchy of a
 * hybrid machine where there is one, which gives `cgroup.kill`.
 */
export type V1Bases = Record<V1Controller, string> & { unified: string | null };

type Paths = V1Bases;

const each = (paths: Paths) => [...new Set(Object.values(paths).filter((path) => path !== null))];
const inside = (paths: Paths, name: string): Paths =>
  Object.fromEntries(Object.entries(paths).map(([controller, path]) => [controller, path === null ? null : join(path, name)])) as Paths;

/** Takes v1 (or hybrid) cgroups below this process's own into use. */
export async function openV1(bases: V1Bases, instance: string, limits: SubtreeLimits): Promise<CgroupDriver> {
  const own = `corral-${instance}`;
  const subtree = inside(bases, own);
  for (const directory of each(subtree)) await makeCgroup(directory);
  writeLimit(join(subtree.memory, "memory.limit_in_bytes"), limits.memoryBytes);
  writeLimit(join(subtree.pids, "pids.max"), limits.pidsMax);
  return {
    name: "cgroup-v1",
    directories: each(subtree),
    create: (name) => createV1(inside(subtree, name), `/${own}/${name}`),
    close: async () => {
      for (const directory of each(subtree)) await removeCgroup(directory);
    },
  };
}

async function createV1(paths: Paths, path: string): Promise<Cgroup> {
  const directories = each(paths);
  await Promise.all(directories.map(makeCgroup));
  writeLimit(join(paths.cpu, "cpu.cfs_period_us"), CPU_PERIOD_US);
  writeLimit(join(paths.cpu, "cpu.shares"), DEFAULT_SHARES * HEAD_START_WEIGHT);
  return {
    path,
    directories,
    joinFiles: directories.map((directory) => join(directory, "cgroup.procs")),
    stats: () => readStats(paths),
    cpuMs: () => readCpuMs(paths),
    processes: () => readPids(paths.pids),
    started: () => undefined,
    setLimits: ({ memoryBytes, cpuMillis, pidsMax }) => {
      const quotaUs = Math.max(1000, Math.round((cpuMillis / 1000) * CPU_PERIOD_US));
      // On a fresh cgroup the limit comes before memsw (memory and swap together), which must not be below it.
      writeLimit(join(paths.memory, "memory.limit_in_bytes"), memoryBytes);
      writeLimitIfPresent(join(paths.memory, "memory.memsw.limit_in_bytes"), memoryBytes);
      writeLimit(join(paths.pids, "pids.max"), pidsMax + SANDBOX_PROCESSES);
      writeLimit(join(paths.cpu, "cpu.cfs_quota_us"), quotaUs);
    },
    endHeadStart: () => writeLimit(join(paths.cpu, "cpu.shares"), DEFAULT_SHARES),
    liftCpuQuota: () => writeLimitIfPresent(join(paths.cpu, "cpu.cfs_quota_us"), -1),
    kill: () => killV1(directories),
    destroy: async () => {
      await Promise.all(directories.map((directory) => removeCgroup(directory)));
    },
  };
}

/**
 * Ends everything in the directories of one v1 cgroup. `cgroup.kill` of the hybrid hierarchy is one step that no fork
 * escapes; without it each pid is signalled, again until none is left.
 */
export async function killV1(directories: string[]): Promise<void> {
  const list = () => [...new Set(directories.flatMap(readPids))];
  await killUntilEmpty(async () => {
    await Promise.all(directories.map((directory) => writeKnobIfPresent(join(directory, "cgroup.kill"), 1)));
    // A 0 would be a process from outside our pid namespace; to kill(2) it means our own group.
    for (const pid of list().filter((listed) => listed > 0)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        if (!hasCode(error, "ESRCH")) throw error;
      }
    }
  }, list);
}

const readCpuMs = (paths: Paths) => readNumber(join(paths.cpuacct, "cpuacct.usage")) / 1e6;

function readStats(paths: Paths): CgroupStats {
  const memory = readTable(join(paths.memory, "memory.stat"));
  // memory.failcnt stayed 0 across real OOM kills on 6.18; this counter does not.
  const oom = readTable(join(paths.memory, "memory.oom_control"));
  return {
    memoryBytes: readNumber(join(paths.memory, "memory.usage_in_bytes")),
    peakMemoryBytes: readNumber(join(paths.memory, "memory.max_usage_in_bytes")),
    unreclaimableBytes: memory("total_rss") + memory("total_shmem"),
    refaults: memory("total_workingset_refault_anon") + memory("total_workingset_refault_file") || memory("workingset_refault_file"),
    oomKills: oom("oom_kill"),
    cpuMs: readCpuMs(paths),
    throttledMs: readTable(join(paths.cpu, "cpu.stat"))("throttled_time") / 1e6,
    pids: readNumber(join(paths.pids, "pids.current")),
    pidsPeak: readNumber(join(paths.pids, "pids.peak")),
    pidsLimitHits: readTable(join(paths.pids, "pids.events"))("max"),
  };
}
