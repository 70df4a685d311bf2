import { access, constants, stat } from "node:fs/promises";
import { join } from "node:path";

import { ExecutorSetupError } from "./errors.ts";
import type { NetworkTools } from "./network.ts";

/** Where the programs of the launch chain may be; a search path of the environment's could name anybody's. */
const DIRECTORIES = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

/** The programs that the launch chain needs, as found on this host. `setpriv` only where the worker is root. */
export type Tools = { bubblewrap: string; setpriv: string | null };

/** Finds them. @throws ExecutorSetupError `bubblewrap_missing`, `setpriv_missing` */
export async function findTools(isRoot: boolean, directories: readonly string[] = DIRECTORIES): Promise<Tools> {
  const bubblewrap = await find("bwrap", directories);
  if (bubblewrap === null) {
    throw new ExecutorSetupError(
      "bubblewrap_missing",
      "bubblewrap is not installed, and without it no script can be isolated. Install it: apt-get install bubblewrap (or dnf, apk, pacman).",
    );
  }
  const setpriv = isRoot ? await find("setpriv", directories) : null;
  if (isRoot && setpriv === null) {
    throw new ExecutorSetupError(
      "setpriv_missing",
      "setpriv is not installed, and without it scripts would run as root. Install it: apt-get install util-linux (or dnf, apk, pacman).",
    );
  }
  return { bubblewrap, setpriv };
}

/** What slirp4netns makes a network's end with. */
export const TUN = "/dev/net/tun";
/** Whoever may read and write it. */
const FOR_ALL = 0o006;

/** Those that give a sandbox a network of its own; null unless all are there, and the device that they need. */
export async function findNetworkTools(directories: readonly string[] = DIRECTORIES): Promise<NetworkTools | null> {
  try {
    await access(TUN, constants.R_OK | constants.W_OK);
  } catch {
    // The doctor says so.
    return null;
  }
  const [slirp4netns, unshare, ip] = await Promise.all(["slirp4netns", "unshare", "ip"].map((program) => find(program, directories)));
  if (!slirp4netns || !unshare || !ip) return null;
  return { slirp4netns, unshare, ip, tunIsRoots: ((await stat(TUN)).mode & FOR_ALL) !== FOR_ALL };
}

async function find(program: string, directories: readonly string[]): Promise<string | null> {
  for (const directory of directories) {
    try {
      await access(join(directory, program), constants.X_OK);
      return join(directory, program);
    } catch {
      // Not here; the next one.
      continue;
    }
  }
  return null;
}
