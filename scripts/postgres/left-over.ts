import { readFileSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { Refusal } from "../bootstrap/refusal.mjs";

const WAIT_MS = 15_000;
const LOOK_EVERY_MS = 50;

const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // ENOENT: no such file or process. ESRCH: it ended while it was read.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
};

/** Is that process a postgres? After a restart of the machine its number may belong to anybody. */
function isPostgres(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
      .replace(/ \(deleted\)$/, "")
      .endsWith("/postgres");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)$/m.exec(textOf(`/proc/${pid}/status`) ?? "")?.[1] ?? 0);

/**
 * Deals with what an earlier PostgreSQL left in its data directory: waits for one that is still shutting down, and
 * removes the note of one that is gone, also when its process number has since been given to another program.
 * @throws Refusal when another Corral is running on the directory.
 */
export async function clearLeftOver(dataDirectory: string): Promise<void> {
  const noteFile = join(dataDirectory, "postmaster.pid");
  const pidOf = (note: string) => Number(note.split("\n", 1)[0]);
  for (const deadline = performance.now() + WAIT_MS; ;) {
    const note = textOf(noteFile);
    if (note === null) return;
    const pid = pidOf(note);
    if (!isPostgres(pid)) break;
    const parent = parentOf(pid);
    const starter = textOf(`/proc/${parent}/cmdline`)?.replaceAll("\0", " ") ?? "";
    if (parent > 1 && starter.includes("scripts/")) {
      throw new Refusal(`Corral is already running on ${dataDirectory} (process ${parent}). Stop it first, or set CORRAL_DATA_DIR to another directory.`);
    }
    if (performance.now() > deadline) {
      throw new Refusal(`The PostgreSQL of an earlier Corral (process ${pid}) still runs on ${dataDirectory}. End it with: kill -INT ${pid}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  await rm(noteFile, { force: true });
}
