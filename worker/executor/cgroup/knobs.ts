import { constants } from "node:fs";
import { mkdir, open, readFile, rmdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

import { hasCode } from "../errors.ts";

/**
 * Writes a cgroup file. Opened without O_CREAT: with it a knob that the kernel lacks is reported as EACCES instead of
 * ENOENT.
 */
export async function writeKnob(path: string, value: string | number): Promise<void> {
  const file = await open(path, constants.O_WRONLY);
  try {
    await file.writeFile(String(value));
  } finally {
    await file.close();
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

/** A knob's text, or null when the kernel has none, or the cgroup is gone. */
export async function readKnob(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENODEV", "EOPNOTSUPP")) return null;
    throw error;
  }
}

/** A knob that holds one number; 0 when there is none. */
export async function readNumber(path: string): Promise<number> {
  return Number((await readKnob(path)) ?? 0) || 0;
}

/** A knob of `key value` lines; a key that is missing reads as 0. */
export async function readTable(path: string): Promise<(key: string) => number> {
  const text = (await readKnob(path)) ?? "";
  const table = new Map(text.split("\n").map((line) => line.split(" ", 2) as [string, string]));
  return (key) => Number(table.get(key) ?? 0) || 0;
}

/** The pids in a cgroup. @throws when one is from outside this pid namespace: it can't be signalled from here. */
export async function readPids(directory: string): Promise<number[]> {
  const text = (await readKnob(`${directory}/cgroup.procs`)) ?? "";
  return text.split("\n").filter(Boolean).map(Number);
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
  for (const deadline = performance.now() + patienceMs; ; ) {
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
export async function killUntilEmpty(killOnce: () => Promise<void>, list: () => Promise<number[]>): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let round = 0; ; round += 1) {
    const left = await list();
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Processes ${left.join(", ")} survived SIGKILL for ten seconds.`);
    if (round % 10 === 0) await killOnce();
    await delay(round < 10 ? 1 : 5);
  }
}
