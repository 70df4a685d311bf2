import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parsePlace } from "#worker/executor/cgroup/detect.ts";
import { V2_CONTROLLERS } from "#worker/executor/cgroup/v2.ts";

import { findProgram } from "../system-packages.ts";

// An ordinary user's shell runs in a cgroup that is not his to divide. His own systemd makes one that is, and starts us in it.

/** Tells the process that was started so from the one that started it. */
const MARK = "CORRAL_IN_SCOPE";

export type Surroundings = {
  isRoot: boolean;
  isInScope: boolean;
  /** The cgroup that this process is in may be divided by it already. */
  ownsCgroup: boolean;
  /** The user's own systemd answers, and can be asked. */
  systemdRun: string | null;
};

/** Looks where this process is. */
export function lookAround(environment: NodeJS.ProcessEnv): Surroundings {
  const uid = process.getuid?.() ?? 0;
  const runtimeDirectory = environment["XDG_RUNTIME_DIR"] ?? `/run/user/${uid}`;
  return {
    isRoot: uid === 0,
    isInScope: environment[MARK] === "1",
    ownsCgroup: ownsCgroup(),
    systemdRun: existsSync(join(runtimeDirectory, "systemd/private")) ? findProgram("systemd-run") : null,
  };
}

function ownsCgroup(): boolean {
  const { v2 } = parsePlace(readFileSync("/proc/self/mountinfo", "utf8"), readFileSync("/proc/self/cgroup", "utf8"));
  if (v2 === null) return false;
  try {
    for (const file of ["cgroup.procs", "cgroup.subtree_control"]) accessSync(join(v2, file), constants.W_OK);
    accessSync(v2, constants.W_OK);
    const controllers = readFileSync(join(v2, "cgroup.controllers"), "utf8").trim().split(" ");
    return V2_CONTROLLERS.every((controller) => controllers.includes(controller));
  } catch {
    // Not readable, or not ours.
    return false;
  }
}

/** How to start a command in a scope that may be divided (systemd-run(1)); null where that is not needed, or can't be had. */
export function scopeCommand({ isRoot, isInScope, ownsCgroup: owns, systemdRun }: Surroundings, command: string[]): string[] | null {
  if (isRoot || isInScope || owns || systemdRun === null) return null;
  return [systemdRun, "--user", "--scope", "--quiet", "--collect", "-p", "Delegate=yes", "--", ...command];
}

/**
 * Starts this program again in a scope of its own where it needs one, and ends with it; returns where it may go on here. Signals
 * are passed on, and the other one sees when this one is gone.
 */
export async function enterDelegatedScope(): Promise<void> {
  const command = scopeCommand(lookAround(process.env), [process.execPath, ...process.argv.slice(1)]);
  if (command === null) return;
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, { detached: true, stdio: ["inherit", "inherit", "inherit", "ipc"], env: { ...process.env, [MARK]: "1" } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  process.on("disconnect", () => child.kill("SIGTERM"));
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  process.exit(code ?? (signal === "SIGINT" ? 130 : 143));
}
