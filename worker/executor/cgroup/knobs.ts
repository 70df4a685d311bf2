import { closeSync, constants, openSync, readFileSync, write, writeSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

import { hasCode } from "../errors.ts";

// Reads, and writes of limits, are synchronous: cgroup files are memory, and a trip through the thread pool costs more than
// the call. Whatever takes the kernel's one cgroup lock (mkdir, rmdir, cgroup.kill, cgroup.procs, subtree_control) is not:
// a process that joins a cgroup after an idle time can hold it for 10 ms (gvisor#14125, runc#4782).

const writeAsync = promisify(write);

/**
 * Writes a cgroup file: the write alone goes through the thread pool. Opened without O_CREAT: with it a knob that the kernel lacks is
 * reported as EACCES instead of ENOENT.
 */
export async function writeKnob(path: string, value: string | number): Promise<void> {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    await writeAsync(fd, String(value));
  } finally {
    closeSync(fd);
  }
}

/** The same for a knob that not every kernel has. */
export async function writeKnobIfPresent(path: string, value: string | number): Promise<void> {
  try {
    await writeKnob(path, value);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EOPNOTSUPP")) throw error;
  }
}

/** Writes a limit of a cgroup that nothing has joined yet. */
export function writeLimit(path: string, value: string | number): void {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    writeSync(fd, String(value));
  } finally {
    closeSync(fd);
  }
}

/** The same for a limit that not every kernel has. */
export function writeLimitIfPresent(path: string, value: string | number): void {
  try {
    writeLimit(path, value);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EOPNOTSUPP")) throw error;
  }
}

/** A knob's text, or null when the kernel has none, or the cgroup is gone. */
export function readKnob(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENODEV", "EOPNOTSUPP")) return null;
    throw error;
  }
}

/** A knob that holds one number; 0 when there is none. */
export function readNumber(path: string): number {
  return Number(readKnob(path) ?? 0) || 0;
}

/** A knob of `key value` lines; a key that is missing reads as 0. */
export function readTable(path: string): (key: string) => number {
  const table = new Map((readKnob(path) ?? "").split("\n").map((line) => line.split(" ", 2) as [string, string]));
  return (key) => Number(table.get(key) ?? 0) || 0;
}

/** The pids in a cgroup; 0 stands for one from outside this pid namespace, which can't be signalled from here. */
export function readPids(directory: string): number[] {
  return (readKnob(`${directory}/cgroup.procs`) ?? "").split("\n").filter(Boolean).map(Number);
}

/** Makes a cgroup directory if it is missing. */
export async function makeCgroup(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

/** Removes an empty cgroup; the kernel may call it busy for a moment after its last process went. */
export async function removeCgroup(directory: string, patienceMs = 5_000): Promise<void> {
  for (const deadline = performance.now() + patienceMs; ;) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return;
      if (!hasCode(error, "EBUSY", "ENOTEMPTY") || performance.now() > deadline) throw error;
      await delay(2);
    }
  }
}

/**
 * Kills until nothing is left: `killOnce` signals, `list` says who remains. Zombies leave cgroup.procs, so an empty list
 * means that nothing runs. @throws after ten seconds.
 */
export async function killUntilEmpty(killOnce: () => Promise<void>, list: () => number[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let round = 0; ; round += 1) {
    const left = list();
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Processes ${left.join(", ")} survived SIGKILL for ten seconds.`);
    if (round % 20 === 0) await killOnce();
    // Most are gone within a fraction of a millisecond, which no timer is short enough for.
    await (round < 10 ? nextTurn() : delay(round < 30 ? 1 : 5));
  }
}
