import { lstatSync } from "node:fs";

import { hasCode } from "./errors.ts";
import { withNetworkNamespace } from "./network.ts";
import type { NetworkTools } from "./network.ts";
import { FD } from "./reporter.ts";
import { INNER_UID } from "./script-etc.ts";
import type { ScriptEtc } from "./script-etc.ts";
import type { Isolation, SandboxShape } from "./types.ts";

/** What the sandboxes of this worker share. */
export type SandboxOptions = {
  bubblewrap: string;
  /** Null: this worker is no root and can't change uid. */
  setpriv: string | null;
  isolation: Isolation;
  /** A file with the system call filter. */
  seccompFile: string;
  etc: ScriptEtc;
  /** What gives a sandbox a network of its own; null: this host lacks it, and scripts that may use a network share the host's. */
  network: NetworkTools | null;
  /** Interpreters from outside the system directories. */
  binds: { from: string; to: string }[];
};

/** Where a script is, and where it may write. */
export const WORKSPACE = "/box";
/** Where its stdin lies. */
export const CONTROL = "/run/corral";

const MIB = 1024 ** 2;
const TMP_MAX_BYTES = 64 * MIB;
const CONTROL_BYTES = 8 * MIB;

/** /bin, /lib, … are links into /usr on merged systems and directories on others. */
const SYSTEM = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].flatMap((name): string[] => {
  try {
    return lstatSync(`/${name}`).isSymbolicLink() ? ["--symlink", `usr/${name}`, `/${name}`] : ["--ro-bind", `/${name}`, `/${name}`];
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
});

/**
 * Namespaces by way of a user namespace of the script's own; or, by a worker that is root on a host that refuses those,
 * made with root's own rights, which setpriv then gives up inside (launchChain).
 */
const NAMESPACES: Record<Isolation, string[]> = {
  "user-namespaces": ["--unshare-all", "--share-net", "--uid", String(INNER_UID), "--gid", String(INNER_UID), "--cap-drop", "ALL"],
  root: [
    ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL"],
    ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap((name) => ["--cap-add", name]),
  ].flat(),
};

/** A network namespace with nothing in it. */
const NO_NETWORK = ["--unshare-net"];

/** bubblewrap's arguments for one shape of sandbox, as they travel through `--args`: each ends in a NUL. */
export function bubblewrapArguments(options: SandboxOptions, { diskMaxBytes, network }: SandboxShape): string {
  const { etc, binds, isolation } = options;
  const sharesHost = network && options.network === null;
  const tmpBytes = Math.min(diskMaxBytes, TMP_MAX_BYTES);
  const all = [
    [...NAMESPACES[isolation], ...(network ? [] : NO_NETWORK), "--hostname", "corral"],
    ["--ro-bind", "/usr", "/usr", ...SYSTEM],
    ["--ro-bind", etc.directory, "/etc"],
    [...etc.bound, ...(sharesHost ? etc.boundWithNetwork : [])].flatMap((name) => ["--ro-bind", `/etc/${name}`, `/etc/${name}`]),
    binds.flatMap(({ from, to }) => ["--ro-bind", from, to]),
    // Read-only: what a script may write there is other processes' memory, the reporter's among them.
    ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"],
    // Every tmpfs has a size; what is in them is charged to the attempt's memory.
    ["--size", String(tmpBytes), "--tmpfs", "/dev/shm", "--chmod", "1777", "/dev/shm", "--remount-ro", "/dev"],
    ["--size", String(tmpBytes), "--tmpfs", "/tmp", "--chmod", "1777", "/tmp"],
    ["--size", String(CONTROL_BYTES), "--tmpfs", CONTROL, "--chmod", "0777", CONTROL],
    ["--size", String(diskMaxBytes), "--tmpfs", WORKSPACE, "--chmod", "0777", WORKSPACE],
    ["--chdir", WORKSPACE, "--remount-ro", "/"],
    // The reporter is the first process itself: one less, and bubblewrap waits for it, so that none is left a zombie
    // to whoever is the host's process 1 (bubblewrap#697).
    ["--as-pid-1", "--die-with-parent", "--new-session", "--clearenv"],
    ["--json-status-fd", String(FD.status), "--seccomp", String(FD.seccomp)],
  ].flat();
  return `${all.join("\0")}\0`;
}

/** What gives up the worker's rights for a slot's uid; nothing where the worker has none. */
export function dropRights({ setpriv }: SandboxOptions, uid: number | null): string[] {
  return setpriv === null ? [] : [setpriv, `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
}

/**
 * Who the launch chain runs as: bubblewrap started as root would keep its capabilities inside. Where it needs root's rights
 * they are given up after it (launchChain). Node.js clears the other groups with a change of uid.
 */
export function identity({ isolation }: SandboxOptions, uid: number | null): { uid?: number; gid?: number } {
  return uid === null || isolation === "root" ? {} : { uid, gid: uid };
}

/** The programs from the start to the reporter: each starts the next in its place. */
export function launchChain(options: SandboxOptions, uid: number | null, { network }: SandboxShape, reporter: string[]): string[] {
  const { bubblewrap, isolation } = options;
  // A change of uid takes bubblewrap's word for the end of its parent away: it is given again.
  const asRoot = isolation === "root" ? dropRights(options, uid) : [];
  const drop = asRoot.length === 0 ? [] : [...asRoot, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--pdeathsig=KILL", "--"];
  const chain = [bubblewrap, "--args", String(FD.args), "--", ...drop, ...reporter];
  return network && options.network !== null ? withNetworkNamespace(options.network, isolation, chain) : chain;
}
