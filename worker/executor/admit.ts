import { writeFileSync } from "node:fs";

import { writeKnob } from "./cgroup/knobs.ts";

/** What a machine that is short of memory ends before anything else (proc_pid_oom_score_adj(5)). */
const FIRST_TO_GO = "500";

/**
 * Puts a process into cgroups, with this process's own rights, and offers it to a machine that is short of memory. One that has
 * ended meanwhile tells so by its exit.
 * @throws what the kernel says when it may not be put there
 */
export async function admit(pid: number, joinFiles: readonly string[]): Promise<void> {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST_TO_GO, { flag: "r+" });
  } catch {
    // No reason not to run it.
  }
  await Promise.all(joinFiles.map((file) => writeKnob(file, pid)));
}
