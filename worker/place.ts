import { readFile, readlink } from "node:fs/promises";

import type { WorkerCapabilities } from "#server/workers/capabilities.ts";

/** A boot, a pid namespace and a start time: together they name a process for good, where a pid alone may be another's. */
export type Place = WorkerCapabilities["place"];

/** Where this process is. */
export async function readPlace(): Promise<Place> {
  const [bootId, pidNamespace, processStart] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    readlink("/proc/self/ns/pid"),
    readProcessStart(process.pid),
  ]);
  return { bootId: bootId.trim(), pidNamespace, processStart: processStart ?? "" };
}

/** A process's start time in clock ticks since boot (proc_pid_stat(5), field 22); null when there is no such process. */
async function readProcessStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name, field 2, may hold spaces and parentheses; what follows its last one is regular.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ESRCH") return null;
    throw error;
  }
}

/** Whether a process is known to be gone: only where this process could see it, and the host rebooted or it is not there. */
export async function isKnownDead(mine: Place, its: Place, pid: number): Promise<boolean> {
  if (its.pidNamespace !== mine.pidNamespace || its.bootId !== mine.bootId) return false;
  return (await readProcessStart(pid)) !== its.processStart;
}
