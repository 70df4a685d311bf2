import { readFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { constrainedMemory } from "node:process";

/** What this host has for scripts and worker together: the machine's, or what a container or cgroup leaves of it. */
export function hostSize(): { cpuMillis: number; memoryBytes: number } {
  // Without a limit it is 0, or a number beyond any machine's.
  const limit = constrainedMemory();
  return { cpuMillis: availableParallelism() * 1000, memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem() };
}

/** How many processes all scripts may have together: half of what the system can have at all. */
export async function processLimit(): Promise<number> {
  const [pids, threads] = await Promise.all(["pid_max", "threads-max"].map(async (name) => Number(await readFile(`/proc/sys/kernel/${name}`, "utf8"))));
  return Math.floor(Math.min(pids ?? Infinity, threads ?? Infinity) / 2);
}
