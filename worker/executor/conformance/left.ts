import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits until no process names the attempt's cgroup (its path in the evidence, null when it never had one) any more: one that is ending leaves `cgroup.procs` a moment before it
 * is a zombie, and the first of a pid namespace only after all others. @throws AssertionError after the promised two seconds
 */
export async function nothingLeft(cgroup: string | null): Promise<void> {
  if (cgroup === null) return;
  const deadline = performance.now() + 2_000;
  while (processesIn(cgroup).length > 0 && performance.now() < deadline) await delay(5);
  assert.deepEqual(processesIn(cgroup), [], "processes are left");
}

/** Pids whose cgroup is this one or below it: every process's own word for where it is, asked from outside. */
export function processesIn(cgroup: string): number[] {
  // The path of a cgroup that is removed already is followed by a word that says so.
  const isIn = (line: string) => line.endsWith(cgroup) || line.includes(`${cgroup}/`) || line.includes(`${cgroup} `);
  return processesThat((pid) => readFileSync(`/proc/${pid}/cgroup`, "utf8").split("\n").some(isIn));
}

/** Pids of which something holds. A zombie has ended; it only waits for whoever inherited it to notice. */
export function processesThat(holds: (pid: number) => boolean): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8")) && holds(pid);
      } catch {
        // It ended between the listing and the reading.
        return false;
      }
    });
}
