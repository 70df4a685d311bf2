import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import type { Duplex } from "node:stream";

import { admit } from "./admit.ts";
import type { Cgroup } from "./cgroup/driver.ts";
import { hasCode } from "./errors.ts";
import { NETWORK_MADE, NETWORK_UP, cutLine, startRouter } from "./network.ts";
import { FD, READY, REPORTER, readReport } from "./reporter.ts";
import type { ScriptEnd } from "./reporter.ts";
import { WORKSPACE, bubblewrapArguments, dropRights, identity, launchChain } from "./sandbox.ts";
import type { SandboxOptions } from "./sandbox.ts";
import type { ByteSource } from "./script-pipe.ts";
import { openStdio } from "./stdio.ts";
import type { SlotPipes, Stdio } from "./stdio.ts";
import type { SandboxShape } from "./types.ts";

/** What the launch chain itself gets to see; nothing of the worker's environment. */
const LAUNCH_ENV: NodeJS.ProcessEnv = { NODE_ENV: "production", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
const SETUP_TIMEOUT_MS = 20_000;
/** How long bubblewrap's last words are waited for after its end. */
const LAST_WORDS_MS = 500;
/** How long a sandbox may take to end from inside before its cgroup is killed. */
const END_MS = 1_000;

/** One of the places that an attempt runs in: a uid of its own (null when the worker is no root) and pipes. */
export type Slot = { index: number; uid: number | null; pipes: SlotPipes };

/** A sandbox that is complete and holds still until it is told what to run. */
export type Launched = {
  /** bubblewrap outside the sandbox; its end is the attempt's. */
  child: ChildProcess;
  stdio: Stdio;
  /** What carries its packets; null when it has no network of its own. */
  router: ChildProcess | null;
  /** Pids that are the sandbox's own, not the script's. */
  sandboxPids: ReadonlySet<number>;
  /** A descriptor of the workspace, so that it can be measured after everything in it has ended; its holder closes it. */
  workspace: number | null;
  /** Whether it still waits: somebody may have killed it meanwhile. */
  isAlive: () => boolean;
  /**
   * SIGKILL to the first process of its pid namespace, with which the kernel ends all others, and resolves when bubblewrap
   * has buried it: killed itself it would leave it a zombie to whoever is the host's process 1. The router ends by itself
   * when its line is cut. Resolves after a moment also when something does not end.
   */
  kill: () => Promise<void>;
  /** Lets the script begin, as its start program says. */
  release: (startProgram: string) => void;
  /** Resolves when bubblewrap has ended, and with it the script and all its processes. */
  ended: Promise<ScriptEnd>;
};

/** The sandbox could not be made: the host, or a limit too tight for it, refused. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

/**
 * Makes a sandbox: bubblewrap is started as the slot's uid, waits for its arguments, and gets them once we have put it into its
 * cgroup. Nothing about a script is known yet, so this can be done before there is one.
 * @param routerCgroup where the router of its network goes, if it gets one
 * @throws SandboxError when it is refused, other errors when it is our fault; nothing is left but what the cgroup holds.
 */
export async function launch(options: SandboxOptions, slot: Slot, cgroup: Cgroup, shape: SandboxShape, routerCgroup: Cgroup | null): Promise<Launched> {
  const stdio = openStdio(slot.pipes);
  let child: ChildProcess;
  try {
    child = start(options, slot, shape, stdio);
  } catch (error) {
    stdio.destroy();
    throw error;
  }
  // The chain has its own copies now.
  stdio.closeInner();
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  // Listened to before anything is awaited: an event is not repeated.
  const exited = once(child, "exit");
  // Raced below; a failure after the race would otherwise be an unhandled rejection.
  failed.catch(() => undefined);
  exited.catch(() => undefined);

  const channel = (fd: number) => child.stdio[fd] as Duplex;
  const status = collect(channel(FD.status));
  const report = collect(channel(FD.report));
  const connect = async () => {
    if (options.network === null || routerCgroup === null) return null;
    await report.until(NETWORK_MADE);
    const drop = options.isolation === "root" ? [] : [...dropRights(options, slot.uid), "--"];
    const router = await startRouter(options.network, child.pid ?? 0, options.setpriv === null ? [] : drop, routerCgroup);
    channel(FD.args).write(NETWORK_UP);
    return router;
  };
  const prepare = async () => {
    await enter(child, cgroup);
    const router = await connect();
    channel(FD.args).end(bubblewrapArguments(options, shape));
    const [innerPid] = await Promise.all([status.until(CHILD_PID), report.until(READY)]);
    return { innerPid: Number(innerPid), router };
  };
  // A chain that ends early is told by its exit.
  channel(FD.args).on("error", () => channel(FD.args).destroy());

  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`a sandbox was not ready within ${SETUP_TIMEOUT_MS / 1000} s.`)), SETUP_TIMEOUT_MS);
    });
    const early = exited.then(() => Promise.reject(new SandboxError("its sandbox could not be made.")));
    const prepared = prepare();
    prepared.catch(() => undefined);
    const { innerPid, router } = await Promise.race([failed, early, late, prepared]);
    cgroup.started(innerPid);
    const ended = Promise.race([failed, exited]).then(async () => {
      // Both channels end with the processes that held them; their last words may still be on the way.
      await Promise.race([Promise.all([status.ended, report.ended]), pause(LAST_WORDS_MS)]);
      const code = EXIT_CODE.exec(status.text())?.[1];
      return readReport(report.text(), code === undefined ? null : Number(code));
    });
    // A sandbox that is never released is not waited for.
    ended.catch(() => undefined);
    return {
      child,
      stdio,
      router,
      sandboxPids: new Set([child.pid ?? innerPid, innerPid]),
      workspace: openWorkspace(innerPid),
      isAlive: () => isRunning(child),
      kill: () => endInside(child, router, cgroup, innerPid),
      release: (startProgram) => stdio.gate.write(startProgram),
      ended,
    };
  } catch (error) {
    child.kill("SIGKILL");
    // bubblewrap explains itself on the script's stderr, where nothing else can have written yet.
    const words = error instanceof SandboxError ? await lastWords(stdio.stderr) : "";
    stdio.destroy();
    throw words === "" ? error : new SandboxError(words);
  } finally {
    clearTimeout(timer);
  }
}

const CHILD_PID = /"child-pid"\s*:\s*(\d+)/;
const EXIT_CODE = /"exit-code"\s*:\s*(\d+)/;

function start(options: SandboxOptions, slot: Slot, shape: SandboxShape, stdio: Stdio): ChildProcess {
  const [program = "", ...rest] = launchChain(options, slot.uid, shape, ["/bin/sh", "-c", REPORTER, "sh"]);
  const seccomp = openSync(options.seccompFile, constants.O_RDONLY);
  try {
    return spawn(program, rest, {
      ...identity(options, slot.uid),
      cwd: "/",
      env: LAUNCH_ENV,
      stdio: ["ignore", stdio.inner.stdout, stdio.inner.stderr, "pipe", "pipe", "pipe", stdio.inner.gate, seccomp],
    });
  } finally {
    closeSync(seccomp);
  }
}

/** Without its arguments bubblewrap makes nothing, and an end of file for them leaves it nothing that it could run. */
async function enter({ pid }: ChildProcess, { joinFiles }: Cgroup): Promise<void> {
  if (pid === undefined) return;
  try {
    await admit(pid, joinFiles);
  } catch (error) {
    // It has ended, and its exit says so.
    if (!hasCode(error, "ESRCH")) throw new SandboxError(error instanceof Error ? error.message : String(error));
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function endInside(child: ChildProcess, router: ChildProcess | null, cgroup: Cgroup, innerPid: number): Promise<void> {
  const running = [child, router].filter((process) => process !== null && isRunning(process)) as ChildProcess[];
  const ended = Promise.all(running.map((process) => once(process, "exit")));
  if (router !== null) cutLine(router);
  // Only while it is there: its number may be another's afterwards.
  if (isRunning(child) && cgroup.processes().includes(innerPid)) signal(innerPid);
  await Promise.race([ended, pause(END_MS)]);
}

function signal(pid: number) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
  }
}

/** Gathers the little that a channel of the launch chain says; its end is bounded, so nobody can fill our memory. */
function collect(stream: Duplex) {
  let text = "";
  let check: () => void = () => undefined;
  stream.on("data", (data: Buffer) => {
    text = (text + data.toString()).slice(-8192);
    check();
  });
  stream.on("error", () => stream.destroy());
  return {
    text: () => text,
    ended: new Promise<void>((resolve) => stream.once("close", resolve)),
    /** The pattern's first group, or what it matched, once it was said. */
    until: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        check = () => {
          const match = pattern.exec(text);
          if (match !== null) resolve(match[1] ?? match[0]);
        };
        check();
      }),
  };
}

/**
 * Opens the workspace through /proc while nothing of the script has run, so no link of its making can be in the way. Null
 * where another uid's /proc can't be looked into.
 */
function openWorkspace(innerPid: number): number | null {
  try {
    return openSync(`/proc/${innerPid}/root${WORKSPACE}`, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM", "ENOENT", "ESRCH")) return null;
    throw error;
  }
}

/** Closes what a launch left open. */
export function closeLaunched({ stdio, router, workspace }: Launched): void {
  stdio.destroy();
  router?.kill("SIGKILL");
  if (workspace !== null) closeSync(workspace);
}

async function lastWords(source: ByteSource): Promise<string> {
  let text = "";
  source.start((bytes) => (text = (text + bytes.toString()).slice(-500)));
  await Promise.race([source.ended, pause(LAST_WORDS_MS)]);
  return text.trim();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
