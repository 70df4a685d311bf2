import { statSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Account } from "./account.ts";

/** What to execute, and where the program that runs finds each directory. */
export type Launch = { command: string[]; pathOf: (directory: string) => string };

const MOUNT_POINT = "/mnt";

/** May an account that is neither owner nor member of a group walk there? */
function isReachable(directory: string): boolean {
  for (let at = directory; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

// Mounts $2… pairwise (source, target) on a tmpfs that only this process tree sees, then becomes the rest after "--".
const MOUNT_SCRIPT = `
set -e
mount -t tmpfs -o mode=0755 corral ${MOUNT_POINT}
while [ "$1" != -- ]; do mkdir -p "$2"; mount --bind "$1" "$2"; shift 2; done
shift
exec "$@"`;

/**
 * How to run a program of PostgreSQL under its account, so that it ends with us: the kernel sends it `SIGINT` (its fast
 * shutdown) when this process dies, however it dies. Where a directory lies below one that is closed to others, as
 * /root is, the program gets it by a mount in a mount namespace of its own.
 */
export function planLaunch(account: Account | null, directories: string[]): Launch {
  const endWithUs = ["setpriv", "--pdeathsig", "INT"];
  if (account === null) return { command: [...endWithUs, "--"], pathOf: (directory) => directory };
  const asAccount = [...endWithUs, `--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", "--"];
  // The directory itself belongs to the account; the way there has to be open.
  if (directories.every((directory) => isReachable(dirname(directory)))) return { command: asAccount, pathOf: (directory) => directory };
  const pathOf = (directory: string) => join(MOUNT_POINT, String(directories.indexOf(directory)));
  const mounts = directories.flatMap((directory) => [directory, pathOf(directory)]);
  return { command: ["unshare", "--mount", "--propagation", "private", "sh", "-c", MOUNT_SCRIPT, "sh", ...mounts, "--", ...asAccount], pathOf };
}
