import { readFile } from "node:fs/promises";

import { hasCode } from "./errors.ts";

/** A boot and a start time make a pid unmistakable: numbers are used again. */
export type ProcessIdentity = { bootId: string; pid: number; startTime: string };

/** A process's start time in clock ticks since boot (proc_pid_stat(5), field 22); null when there is no such process. */
async function startTimeOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // Field 2 is a name in parentheses that may hold anything; what follows its last one is regular.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH")) return null;
    throw error;
  }
}

/** The running boot's id. */
async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}

/** Who this process is. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { bootId: await bootId(), pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? "" };
}

/** Whether that very process still runs: not another that was given its number since. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return identity.bootId === (await bootId()) && (await startTimeOf(identity.pid)) === identity.startTime;
}
