import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { close, constants, lstatSync, open } from "node:fs";
import { readFile } from "node:fs/promises";
import { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

import type { Cgroup } from "./cgroup/driver.ts";
import { hasCode } from "./errors.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { INNER_UID } from "./scratch.ts";
import type { SlotPipes } from "./scratch.ts";
import type { ExecutionSpec } from "./types.ts";

/** What the launch chain itself gets to see; nothing of the worker's environment. */
export const MINIMAL_ENV: NodeJS.ProcessEnv = { NODE_ENV: "production", PATH: "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin" };

/** Where a script is, and where it may write. */
export const WORKSPACE = "/box";

/** What the sandboxes of this worker share. */
export type SandboxOptions = {
  bubblewrap: string;
  /** Null: this worker is no root and can't change uid. */
  setpriv: string | null;
  seccomp: Buffer;
  accounts: { passwd: string; group: string };
};

/** One of the places that an attempt runs in: a uid of its own and pipes. */
export type Slot = { uid: number | null; pipes: SlotPipes };

/** A sandbox that is made and holds still right before the script's first instruction. */
export type Launched = {
  /** bubblewrap outside the sandbox; its end is the attempt's. */
  child: ChildProcess;
  stdout: Readable;
  stderr: Readable;
  /** bubblewrap's first process inside, as seen from here. */
  innerPid: number;
  /** A descriptor of the workspace, so that it can be measured after everything in it has ended; its holder closes it. */
  workspace: number | null;
  /** Lets the script begin. */
  release: () => void;
  /** After the end: the exit status as bubblewrap reports it, which a script can't forge; null when it was killed itself. */
  exitCode: () => number | null;
  /** After the end: what the reporter said of it ("Segmentation fault", "not found"), empty for a plain exit; null when it was killed. */
  remark: () => string | null;
};

/** The script's uid may not read the host's /etc; these files of it are what programs need to run. */
const ETC = ["alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "timezone", "ssl", "ca-certificates", "nsswitch.conf", "mime.types", "protocols", "services"];
const ETC_NETWORK = ["resolv.conf", "hosts", "gai.conf"];
const TMP_MAX_BYTES = 64 * 1024 ** 2;
const SETUP_TIMEOUT_MS = 20_000;

/** /bin, /lib, … are links into /usr on merged systems and directories on others. */
const SYSTEM = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].flatMap((name): string[] => {
  try {
    return lstatSync(`/${name}`).isSymbolicLink() ? ["--symlink", `usr/${name}`, `/${name}`] : ["--ro-bind", `/${name}`, `/${name}`];
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
});

// Bare descriptors, not FileHandles: sockets and child processes take them over, and a FileHandle that is collected
// closes its number, whoever's it is by then.
const openFd = promisify(open);
/** Closes a bare descriptor. */
export const closeFd = promisify(close);

// Descriptors of the launch chain beyond the standard streams; bubblewrap closes all of them before the script.
const FD = { args: 3, status: 4, seccomp: 5, source: 6, block: 7, remark: 8 } as const;

/** The reporter's last word: without it, it was killed itself. */
const REPORTED = "reported";

/**
 * Reports the script's end: a shell prints a word about a child that a signal ended, and nothing about one that exited
 * with the same number. The child is a subshell's exec, or the word would go to the script's own stderr. The reporter
 * survives the signals of a polite end, which its child gets as usual (a handler is reset on exec, other than an
 * ignored signal).
 */
const REPORTER = `trap : HUP INT QUIT TERM USR1 USR2; exec 9>&2 2>&${FD.remark} ${FD.remark}>&-; [ -x "$1" ] || { echo "$1: not found" >&2; echo ${REPORTED} >&2; exit 127; }; ( exec "$@" 2>&9 9>&- ); code=$?; echo ${REPORTED} >&2; exit $code`;

function bubblewrapArguments({ accounts }: SandboxOptions, runtime: InstalledRuntime, spec: ExecutionSpec): string[] {
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
  return [
    ...["--unshare-all", "--uid", String(INNER_UID), "--gid", String(INNER_UID), "--hostname", "corral"],
    ...(spec.network ? ["--share-net"] : []),
    ...["--ro-bind", "/usr", "/usr", ...SYSTEM],
    ...["--perms", "0755", "--dir", "/etc"],
    ...[...ETC, ...(spec.network ? ETC_NETWORK : [])].flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    ...["--ro-bind", accounts.passwd, "/etc/passwd", "--ro-bind", accounts.group, "/etc/group"],
    ...(runtime.bindAt === null ? [] : ["--ro-bind", runtime.interpreter, runtime.bindAt]),
    ...["--proc", "/proc", "--dev", "/dev"],
    // Every tmpfs has a size; what is in them is charged to the attempt's memory.
    ...["--size", String(tmpBytes), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ...["--size", String(tmpBytes), "--tmpfs", "/tmp", "--chmod", "1777", "/tmp"],
    ...["--size", String(limits.diskMaxBytes), "--tmpfs", WORKSPACE],
    ...["--perms", "0644", "--file", String(FD.source), `${WORKSPACE}/${runtime.fileName}`],
    ...["--chdir", WORKSPACE, "--remount-ro", "/"],
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"],
    ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--json-status-fd", String(FD.status), "--seccomp", String(FD.seccomp), "--block-fd", String(FD.block)],
  ];
}

/**
 * Makes the sandbox: join the cgroup as ourselves, drop to the slot's uid, then bubblewrap, whose arguments travel through
 * a descriptor so that no process list shows the environment.
 * @throws when the sandbox can't be made; the cgroup may then hold processes and has to be killed.
 */
export async function launch(options: SandboxOptions, slot: Slot, cgroup: Cgroup, runtime: InstalledRuntime, spec: ExecutionSpec): Promise<Launched> {
  const ours = new Set<number>();
  const descriptors: Descriptors = {
    open: async (path, flags) => {
      const fd = await openFd(path, flags);
      ours.add(fd);
      return fd;
    },
    close: async (fd) => {
      ours.delete(fd);
      await closeFd(fd);
    },
    // A socket polls it instead of blocking a thread, and closes it in the end.
    adopt: (fd, direction) => {
      ours.delete(fd);
      return new Socket({ fd, ...direction });
    },
  };
  try {
    const [stdout, stderr] = await Promise.all([openOutput(descriptors, slot.pipes.stdout), openOutput(descriptors, slot.pipes.stderr)]);
    const stdin = spec.stdin === null ? null : await openInput(descriptors, slot.pipes.stdin);
    const joins = cgroup.joinFiles.map((path) => `echo 0 >'${path}' && `).join("");
    const drop = options.setpriv === null ? [] : [options.setpriv, `--reuid=${slot.uid}`, `--regid=${slot.uid}`, "--clear-groups", "--"];
    const interpreter = runtime.bindAt ?? runtime.interpreter;
    const child = spawn(
      "/bin/sh",
      [
        ...["-c", `${joins}ulimit -c 0 && ulimit -n 1024 && exec "$@"`, "sh", ...drop],
        ...[options.bubblewrap, "--args", String(FD.args), "--"],
        ...["/bin/sh", "-c", REPORTER, "sh", interpreter, ...runtime.flags, `${WORKSPACE}/${runtime.fileName}`, ...spec.args],
      ],
      {
        cwd: "/",
        env: MINIMAL_ENV,
        stdio: [stdin === null ? "ignore" : stdin.inner, stdout.inner, stderr.inner, "pipe", "pipe", "pipe", "pipe", "pipe", "pipe"],
      },
    );
    const failure = new Promise<never>((_resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new SandboxError("The sandbox ended before the script began.")));
    });
    // Raced below; without this a failure after the race would be an unhandled rejection.
    failure.catch(() => undefined);

    const channel = (fd: number) => child.stdio[fd] as Duplex;
    const status = collect(channel(FD.status));
    const remark = collect(channel(FD.remark));
    feed(channel(FD.args), `${bubblewrapArguments(options, runtime, spec).join("\0")}\0`);
    feed(channel(FD.seccomp), options.seccomp);
    feed(channel(FD.source), spec.source);
    const outer = [stdout.reader(), stderr.reader()] as const;
    if (stdin !== null) feed(stdin.writer(), spec.stdin ?? "");
    // bubblewrap has its own copies now; while ours were open no end of file would ever come.
    await Promise.all([stdout.inner, stderr.inner, ...(stdin === null ? [] : [stdin.inner])].map(descriptors.close));

    try {
      const innerPid = await Promise.race([failure, status.until(/"child-pid"\s*:\s*(\d+)/, SETUP_TIMEOUT_MS)]);
      const workspace = await Promise.race([failure, openWorkspace(Number(innerPid))]);
      return {
        child,
        stdout: outer[0],
        stderr: outer[1],
        innerPid: Number(innerPid),
        workspace,
        release: () => feed(channel(FD.block), "."),
        exitCode: () => {
          const code = /"exit-code"\s*:\s*(\d+)/.exec(status.text())?.[1];
          return code === undefined ? null : Number(code);
        },
        remark: () => {
          const [said, rest] = remark.text().split(REPORTED);
          return rest === undefined ? null : (said ?? "").trim();
        },
      };
    } catch (error) {
      for (const stream of outer) stream.destroy();
      // bubblewrap explains itself on the script's stderr, where nothing else can have written yet.
      throw error instanceof SandboxError ? new SandboxError(`${error.message} ${await explanation(outer[1])}`.trim()) : error;
    }
  } catch (error) {
    await Promise.all([...ours].map(descriptors.close));
    throw error;
  }
}

/** The sandbox could not be made. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

type Descriptors = {
  open: (path: string, flags: number) => Promise<number>;
  close: (fd: number) => Promise<void>;
  adopt: (fd: number, direction: { readable: boolean; writable: boolean }) => Socket;
};

async function openOutput({ open: openPipe, adopt }: Descriptors, path: string) {
  // The reader first: without one, opening the other end would wait.
  const outer = await openPipe(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const inner = await openPipe(path, constants.O_WRONLY);
  return { inner, reader: () => adopt(outer, { readable: true, writable: false }) };
}

async function openInput({ open: openPipe, close: closePipe, adopt }: Descriptors, path: string) {
  // Held for a moment, so that neither end waits for the other and the script's end is an ordinary, waiting one.
  const both = await openPipe(path, constants.O_RDWR);
  const inner = await openPipe(path, constants.O_RDONLY);
  const outer = await openPipe(path, constants.O_WRONLY | constants.O_NONBLOCK);
  await closePipe(both);
  return { inner, writer: () => adopt(outer, { readable: false, writable: true }) };
}

/** Writes all and closes. A reader that goes away early (a script that does not read its input) is no error of ours. */
function feed(stream: Duplex, data: string | Buffer) {
  stream.on("error", () => stream.destroy());
  stream.end(data);
}

function collect(stream: Duplex) {
  let text = "";
  let check: (() => void) | null = null;
  stream.on("data", (data: Buffer) => {
    // Bounded: the reporter's channel is inherited by nobody, but its words quote the script's arguments.
    if (text.length < 4096) text += data.toString();
    check?.();
  });
  stream.on("error", () => stream.destroy());
  return {
    text: () => text,
    until: (pattern: RegExp, timeoutMs: number) =>
      new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => reject(new SandboxError("The sandbox was not ready in time.")), timeoutMs);
        check = () => {
          const found = pattern.exec(text)?.[1];
          if (found === undefined) return;
          clearTimeout(timer);
          check = null;
          resolve(found);
        };
        check();
      }),
  };
}

/**
 * Opens the workspace through /proc once the sandbox has its own root: that is also the sign that it is complete. Null
 * where another uid's /proc can't be looked into.
 */
async function openWorkspace(innerPid: number): Promise<number | null> {
  const deadline = performance.now() + SETUP_TIMEOUT_MS;
  for (;;) {
    try {
      return await openFd(`/proc/${innerPid}/root${WORKSPACE}`, constants.O_RDONLY | constants.O_DIRECTORY);
    } catch (error) {
      if (hasCode(error, "EACCES", "EPERM")) return null;
      if (!hasCode(error, "ENOENT", "ESRCH", "ENOTDIR")) throw error;
      if (performance.now() > deadline) throw new SandboxError("The sandbox was not ready in time.");
    }
    await delay(0);
  }
}

async function explanation(stream: Readable): Promise<string> {
  stream.resume();
  const data: unknown = stream.read();
  return data instanceof Buffer ? data.toString().trim().slice(0, 500) : "";
}

/** The processes inside that are the script's own: all but bubblewrap's two and the reporter. */
export async function scriptProcesses(cgroup: Cgroup, { child, innerPid }: Pick<Launched, "child" | "innerPid">): Promise<number[]> {
  const reporter = Number((await readFile(`/proc/${innerPid}/task/${innerPid}/children`, "utf8").catch(() => "")).trim().split(" ")[0]);
  return (await cgroup.processes()).filter((pid) => pid !== child.pid && pid !== innerPid && pid !== reporter);
}
