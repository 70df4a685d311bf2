import { join } from "node:path";

import type { ExecutionLimits } from "../types.ts";
import { CPU_PERIOD_US, SANDBOX_PROCESSES } from "./driver.ts";
import type { Cgroup, CgroupDriver, CgroupStats } from "./driver.ts";
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
const SUPERVISOR = "supervisor";

/**
 * Takes a delegated v2 subtree into use: this process moves to `supervisor`, attempts go to `corral-<instance>`. A
 * cgroup with processes of its own can't hand controllers down, hence the move.
 * @param own the directory of the cgroup this process is in
 */
export async function openV2(own: string, instance: string): Promise<CgroupDriver> {
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
  return {
    name: "cgroup-v2",
    directories: [subtree],
    create: (id, limits) => createV2(join(subtree, `run-${id}`), limits),
    close: () => removeCgroup(subtree),
  };
}

async function createV2(directory: string, limits: ExecutionLimits): Promise<Cgroup> {
  await makeCgroup(directory);
  const knob = (name: string) => join(directory, name);
  const quotaUs = Math.max(1000, Math.round((limits.cpuMillis / 1000) * CPU_PERIOD_US));
  // No memory.high: without swap it throttles a hog for ever instead of letting the OOM killer end it.
  writeLimit(knob("memory.max"), limits.memoryBytes);
  writeLimitIfPresent(knob("memory.swap.max"), 0);
  writeLimitIfPresent(knob("memory.zswap.max"), 0);
  writeLimit(knob("memory.oom.group"), 1);
  writeLimit(knob("pids.max"), limits.pidsMax + SANDBOX_PROCESSES);
  return {
    directories: [directory],
    joinFiles: [knob("cgroup.procs")],
    stats: () => readStats(directory),
    processes: () => readPids(directory),
    started: () => undefined,
    limitCpu: () => writeLimit(knob("cpu.max"), `${quotaUs} ${CPU_PERIOD_US}`),
    liftCpuQuota: () => writeKnobIfPresent(knob("cpu.max"), `max ${CPU_PERIOD_US}`),
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
    cpuMs: cpu("usage_usec") / 1000,
    throttledMs: cpu("throttled_usec") / 1000,
    pids: readNumber(knob("pids.current")),
    pidsPeak: readNumber(knob("pids.peak")),
    pidsLimitHits: readTable(knob("pids.events"))("max"),
  };
}
