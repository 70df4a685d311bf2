import { lstatSync } from "node:fs";

import { hasCode } from "./errors.ts";
import { FD } from "./reporter.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { INNER_UID } from "./script-etc.ts";
import type { ScriptEtc } from "./script-etc.ts";
import type { ExecutionSpec } from "./types.ts";

/** What the sandboxes of this worker share. */
export type SandboxOptions = {
  bubblewrap: string;
  /** Null: this worker is no root and can't change uid. */
  setpriv: string | null;
  seccomp: Buffer;
  etc: ScriptEtc;
};

/** Where a script is, and where it may write. */
export const WORKSPACE = "/box";

const TMP_MAX_BYTES = 64 * 1024 ** 2;

/** /bin, /lib, … are links into /usr on merged systems and directories on others. */
const SYSTEM = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].flatMap((name): string[] => {
  try {
    return lstatSync(`/${name}`).isSymbolicLink() ? ["--symlink", `usr/${name}`, `/${name}`] : ["--ro-bind", `/${name}`, `/${name}`];
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
});

/** bubblewrap's arguments for one attempt, as they travel through `--args`: each ends in a NUL, so none may hold one. */
export function bubblewrapArguments({ etc }: SandboxOptions, runtime: InstalledRuntime, spec: ExecutionSpec): string {
  const { limits } = spec;
  const tmpBytes = Math.min(limits.diskMaxBytes, TMP_MAX_BYTES);
  const env: Record<string, string> = {
    ...spec.env,
    PATH: spec.env["PATH"] ?? "/opt/corral/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: spec.env["HOME"] ?? WORKSPACE,
    LANG: spec.env["LANG"] ?? "C.UTF-8",
    TMPDIR: spec.env["TMPDIR"] ?? "/tmp",
    CORRAL_RUN_ID: spec.runId,
    CORRAL_ATTEMPT: String(spec.attempt),
  };
  const all = [
    ["--unshare-all", "--uid", String(INNER_UID), "--gid", String(INNER_UID), "--hostname", "corral"],
    spec.network ? ["--share-net"] : [],
    ["--ro-bind", "/usr", "/usr", ...SYSTEM],
    ["--ro-bind", etc.directory, "/etc"],
    [...etc.bound, ...(spec.network ? etc.boundWithNetwork : [])].flatMap((name) => ["--ro-bind", `/etc/${name}`, `/etc/${name}`]),
    runtime.bindAt === null ? [] : ["--ro-bind", runtime.program, runtime.bindAt],
    ["--proc", "/proc", "--dev", "/dev"],
    // Every tmpfs has a size; what is in them is charged to the attempt's memory.
    ["--size", String(tmpBytes), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ["--size", String(tmpBytes), "--tmpfs", "/tmp", "--chmod", "1777", "/tmp"],
    ["--size", String(limits.diskMaxBytes), "--tmpfs", WORKSPACE],
    ["--perms", "0644", "--file", String(FD.source), `${WORKSPACE}/${runtime.fileName}`],
    ["--chdir", WORKSPACE, "--remount-ro", "/"],
    ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"],
    Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    ["--json-status-fd", String(FD.status), "--seccomp", String(FD.seccomp)],
  ].flat();
  return `${all.join("\0")}\0`;
}

/**
 * Why a spec can't be run as it is, in words that go on after "It could not be started:"; null when it can. A NUL would
 * end an argument of bubblewrap's early and let what follows it be an argument of its own: a way out of the sandbox.
 */
export function unusable(spec: ExecutionSpec): string | null {
  if (spec.args.some((arg) => arg.includes("\0"))) return "one of its arguments holds a NUL character.";
  if (spec.runId.includes("\0")) return "its run's id holds a NUL character.";
  for (const [name, value] of Object.entries(spec.env)) {
    if (name === "" || name.includes("=") || name.includes("\0")) return `${JSON.stringify(name)} can't be the name of an environment variable.`;
    if (value.includes("\0")) return `the value of its environment variable ${name} holds a NUL character.`;
  }
  return null;
}
