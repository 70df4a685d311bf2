import { chmod, cp, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { hasCode } from "./errors.ts";
import { RESOLVER } from "./network.ts";

/** The one user a script sees itself as in a user namespace; outside the sandbox each slot has a uid of its own. */
export const INNER_UID = 1000;

/** The /etc that scripts see: a directory of this worker's, and what of the host's own is bound over it (with network: where they share the host's). */
export type ScriptEtc = { directory: string; bound: string[]; boundWithNetwork: string[] };

// Of the host's /etc a script needs little, and may not read the rest. What rarely changes is copied once: every bind is a
// mount, and fourteen of them cost a fifth of a start. What an upgrade changes under a running worker is bound.
const COPIED = ["ld.so.conf", "localtime", "timezone", "nsswitch.conf", "gai.conf", "mime.types", "protocols", "services"];
const BOUND = ["alternatives", "ld.so.cache", "ssl", "pki", "ca-certificates"];
const BOUND_WITH_NETWORK = ["resolv.conf", "hosts"];

/** Makes it, afresh. @param uids those that a script may see itself as @throws what the file system says */
export async function makeScriptEtc(directory: string, uids: number[]): Promise<ScriptEtc> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const write = async (name: string, text: string) => {
    await writeFile(join(directory, name), text);
    await chmod(join(directory, name), 0o644);
  };
  const each = (line: (uid: number) => string) => uids.map(line).join("");
  await write("passwd", `${each((uid) => `script:x:${uid}:${uid}:script:/box:/bin/sh\n`)}nobody:x:65534:65534:nobody:/:/bin/false\n`);
  await write("group", `${each((uid) => `script:x:${uid}:\n`)}nogroup:x:65534:\n`);
  // Asked only where there is a network of the script's own.
  await write("resolv.conf", `nameserver ${RESOLVER}\n`);
  await write("hosts", "127.0.0.1 localhost corral\n::1 localhost corral\n");
  for (const name of COPIED) {
    if ((await kindOf(name)) !== "file") continue;
    await cp(join("/etc", name), join(directory, name), { dereference: true });
    await chmod(join(directory, name), 0o644);
  }
  const prepare = async (names: string[]) => {
    const present: string[] = [];
    for (const name of names) {
      const kind = await kindOf(name);
      if (kind === null) continue;
      // Something to bind over; bubblewrap can't make it in a directory that it binds read-only.
      if (kind === "directory") await mkdir(join(directory, name), { recursive: true });
      else if (!(await exists(join(directory, name)))) await write(name, "");
      present.push(name);
    }
    return present;
  };
  const etc = { directory, bound: await prepare(BOUND), boundWithNetwork: await prepare(BOUND_WITH_NETWORK) };
  await chmod(directory, 0o755);
  return etc;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** Null also for what others may not read: to bind it would fail for the script's uid. */
async function kindOf(name: string): Promise<"file" | "directory" | null> {
  try {
    const info = await stat(join("/etc", name));
    if (info.isDirectory()) return (info.mode & 0o005) === 0o005 ? "directory" : null;
    return info.isFile() && (info.mode & 0o004) === 0o004 ? "file" : null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ELOOP", "ENOTDIR")) return null;
    throw error;
  }
}
