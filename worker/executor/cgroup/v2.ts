import { basename, join } from "node:path";

import { CPU_PERIOD_US, HEAD_START_WEIGHT, SANDBOX_PROCESSES } from "./driver.ts";
import type { Cgroup, CgroupDriver, CgroupStats, SubtreeLimits } from "./driver.ts";
import {
  killUntilEmpty,
  makeCgroup,
  readKnob,
  readNumber,
  readPids,
  readTable,
  removeCgroup,
  writeKnob,
  writeKnobIfPresent,
  writeLimit,
  writeLimitIfPresent,
} from "./knobs.ts";

export const V2_CONTROLLERS = ["memory", "cpu", "pids"] as const;
/** The kernel's own, of every cgroup. */
const DEFAULT_WEIGHT = 100;
const SUPERVISOR = "supervisor";

/**
 * Takes a delegated v2 subtree into use: this process moves to `supervisor`, attempts go to `corral-<instance>`. A
 * cgroup with processes of its own can't hand controllers down, hence the move. All attempts together have limits too, so
 * that whatever they do between them the worker is not what has to go.
 * @param own the directory of the cgroup this process is in
 */
export async function openV2(own: string, instance: string, limits: SubtreeLimits): Promise<CgroupDriver> {
  const base = own.endsWith(`/${SUPERVISOR}`) ? own.slice(0, -SUPERVISOR.length - 1) : own;
  // The real root has no cgroup.type and may hold processes beside controllers.
  const isRoot = readKnob(join(base, "cgroup.type")) === null;
  if (!isRoot) {
    const supervisor = join(base, SUPERVISOR);
    await makeCgroup(supervisor);
    for (const pid of readPids(base)) {
      if (pid === 0) throw new Error(`A process from outside this container is in ${base}.`);
      await writeKnob(join(supervisor, "cgroup.procs"), pid);
    }
  }
  const enabled = V2_CONTROLLERS.map((controller) => `+${controller}`).join(" ");
  await writeKnob(join(base, "cgroup.subtree_control"), enabled);
  const subtree = join(base, `corral-${instance}`);
  await makeCgroup(subtree);
  await writeKnob(join(subtree, "cgroup.subtree_control"), enabled);
  writeLimit(join(subtree, "memory.max"), limits.memoryBytes);
  writeLimit(join(subtree, "pids.max"), limits.pidsMax);
  return {
    name: "cgroup-v2",
    directories: [subtree],
    create: (name) => createV2(subtree, name),
    close: () => removeCgroup(subtree),
  };
}

async function createV2(subtree: string, name: string): Promise<Cgroup> {
  const directory = join(subtree, name);
  await makeCgroup(directory);
  const knob = (file: string) => join(directory, file);
  writeLimit(knob("memory.oom.group"), 1);
  writeLimit(knob("cpu.weight"), DEFAULT_WEIGHT * HEAD_START_WEIGHT);
  return {
    path: `/${basename(subtree)}/${name}`,
    directories: [directory],
    joinFiles: [knob("cgroup.procs")],
    stats: () => readStats(directory),
    cpuMs: () => cpuMsOf(readTable(join(directory, "cpu.stat"))),
    processes: () => readPids(directory),
    started: () => undefined,
    setLimits: ({ memoryBytes, cpuMillis, pidsMax }) => {
      const quotaUs = Math.max(1000, Math.round((cpuMillis / 1000) * CPU_PERIOD_US));
      // No memory.high: without swap it throttles a hog for ever instead of letting the OOM killer end it.
      writeLimit(knob("memory.max"), memoryBytes);
      writeLimitIfPresent(knob("memory.swap.max"), 0);
      writeLimitIfPresent(knob("memory.zswap.max"), 0);
      writeLimit(knob("pids.max"), pidsMax + SANDBOX_PROCESSES);
      writeLimit(knob("cpu.max"), `${quotaUs} ${CPU_PERIOD_US}`);
    },
    endHeadStart: () => writeLimit(knob("cpu.weight"), DEFAULT_WEIGHT),
    liftCpuQuota: () => writeLimitIfPresent(knob("cpu.max"), `max ${CPU_PERIOD_US}`),
    kill: () => killV2(directory),
    destroy: () => removeCgroup(directory),
  };
}

/** Ends everything in a v2 cgroup. */
export async function killV2(directory: string): Promise<void> {
  await killUntilEmpty(
    () => writeKnobIfPresent(join(directory, "cgroup.kill"), 1),
    () => readPids(directory),
  );
}

const cpuMsOf = (cpu: (name: string) => number) => cpu("usage_usec") / 1000;

function readStats(directory: string): CgroupStats {
  const knob = (name: string) => join(directory, name);
  const memory = readTable(knob("memory.stat"));
  const cpu = readTable(knob("cpu.stat"));
  return {
    memoryBytes: readNumber(knob("memory.current")),
    peakMemoryBytes: readNumber(knob("memory.peak")),
    unreclaimableBytes: memory("anon") + memory("shmem"),
    refaults: memory("workingset_refault_anon") + memory("workingset_refault_file"),
    oomKills: readTable(knob("memory.events"))("oom_kill"),
    cpuMs: cpuMsOf(cpu),
    throttledMs: cpu("throttled_usec") / 1000,
    pids: readNumber(knob("pids.current")),
    pidsPeak: readNumber(knob("pids.peak")),
    pidsLimitHits: readTable(knob("pids.events"))("max"),
  };
}
