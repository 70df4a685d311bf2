import { copyFile, chmod, link, lstat, mkdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ExecutorSetupError, hasCode } from "./errors.ts";

/**
 * Directories of the executor. `private` is this worker's alone; `shared` is read by the uids that scripts run under,
 * so it must be reachable by them: bubblewrap resolves what it binds as the script's uid.
 */
export type Scratch = { private: string; shared: string };

/**
 * Makes the directories. Where the wanted one lies below a directory that others can't pass (a home, say), what scripts
 * need to see goes to /var/tmp.
 * @throws ExecutorSetupError `directory_unusable`
 */
export async function openScratch(directory: string): Promise<Scratch> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o711 });
    const shared = (await reachableByOthers(directory)) ? join(directory, "shared") : `/var/tmp/corral-${process.getuid?.() ?? 0}`;
    await mkdir(shared, { recursive: true, mode: 0o755 });
    const info = await lstat(shared);
    // Somebody else may have made it first, to put his own interpreter there.
    if (!info.isDirectory() || info.uid !== process.getuid?.()) {
      throw new ExecutorSetupError(
        "directory_unusable",
        `${shared} belongs to somebody else. Remove it, or set CORRAL_DATA_DIR to a directory that every user can pass through.`,
      );
    }
    await chmod(shared, 0o755);
    return { private: directory, shared };
  } catch (error) {
    if (error instanceof ExecutorSetupError) throw error;
    throw new ExecutorSetupError(
      "directory_unusable",
      `The data directory ${directory} can't be used (${String(error)}). Make it writable, or set CORRAL_DATA_DIR to one that is.`,
    );
  }
}

async function reachableByOthers(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Puts a file where scripts can read and run it, once; linked where that is possible, since interpreters are large. */
export async function shareFile(scratch: Scratch, source: string, name: string): Promise<string> {
  const { size, mtimeMs, mode } = await stat(source);
  const target = join(scratch.shared, `${name}-${size}-${Math.round(mtimeMs)}`);
  try {
    await stat(target);
    return target;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  const partial = `${target}.${process.pid}`;
  // A link has the file's own mode: one that others can't run would be of no use to them.
  if ((mode & 0o005) !== 0o005 || !(await linked(source, partial))) {
    await copyFile(source, partial);
    await chmod(partial, 0o755);
  }
  await rename(partial, target);
  return target;
}

async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (hasCode(error, "EXDEV", "EPERM", "EMLINK")) return false;
    throw error;
  }
}
