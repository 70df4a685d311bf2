import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { CgroupKind } from "./manifest.ts";

/**
 * A dead man's switch: a small process beside the worker that ends all of its scripts at a deadline unless it is told a
 * later one. A worker whose process is stopped, or whose event loop is busy, can't end them itself, and others may have
 * taken over its runs by then.
 */
export type DeadMan = {
  /** Sets the deadline: milliseconds of the monotonic clock that all processes share (`monotonicMs`). */
  endAt: (deadlineMs: number) => void;
  /** The deadline has passed: what ended by SIGKILL was ended by it, whether that was heard of already or not. */
  hasPassed: () => boolean;
  /** No deadline any more. */
  close: () => void;
};

export type DeadManOptions = {
  kind: CgroupKind;
  /** The worker's own subtree. */
  directories: string[];
  /** Told after the fact that the deadline passed and everything was killed. */
  onEnded: () => void;
};

const PROGRAM = fileURLToPath(new URL("dead-man-process.ts", import.meta.url));
/** It holds next to nothing. */
const FLAGS = ["--max-old-space-size=16", "--max-semi-space-size=1"];

/** Milliseconds of CLOCK_MONOTONIC, which every process of a host reads alike. */
export const monotonicMs = () => Number(process.hrtime.bigint() / 1_000_000n);

/** Makes one. Its process starts with the first deadline; when it dies it is started again, and when this one dies it ends the scripts at once. */
export function createDeadMan({ kind, directories, onEnded }: DeadManOptions): DeadMan {
  let child: ChildProcess | null = null;
  let closed = false;
  let deadline = Number.POSITIVE_INFINITY;
  let told = false;
  const tell = () => {
    told = true;
    onEnded();
  };
  const hasPassed = () => monotonicMs() >= deadline;

  const start = (): ChildProcess => {
    // A session of its own: Ctrl-C in a terminal is the worker's to handle.
    const started = spawn(process.execPath, [...FLAGS, PROGRAM, kind, String(process.pid), ...directories], {
      stdio: ["pipe", "pipe", "inherit"],
      detached: true,
      env: { NODE_ENV: "production" },
      cwd: "/",
    });
    started.stdout?.on("data", tell);
    // It is gone; the next deadline starts another.
    started.stdin?.on("error", () => undefined);
    started.once("error", () => forget(started));
    started.once("exit", () => forget(started));
    started.unref();
    return started;
  };
  const forget = (gone: ChildProcess) => {
    if (child === gone) child = null;
  };

  return {
    endAt: (deadlineMs) => {
      if (closed) return;
      // A process that stood still may set a later one before it hears that the last has ended everything.
      if (hasPassed() && !told) tell();
      deadline = deadlineMs;
      told = false;
      child ??= start();
      child.stdin?.write(`${deadlineMs}\n`);
    },
    hasPassed,
    close: () => {
      closed = true;
      child?.stdin?.end("never\n");
      child = null;
    },
  };
}
