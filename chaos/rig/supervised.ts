import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";

/** A process that is started again when it ends, as a service manager would. */
export type Supervised = {
  name: string;
  /** Of the program itself, not of what wraps it; null while it does not run. */
  pid: () => number | null;
  /** Resolves when the one that runs now, or the next, is ready. @throws after a minute */
  ready: () => Promise<void>;
  signal: (name: NodeJS.Signals) => void;
  /** SIGKILL to the program; resolves when it has ended. */
  kill: () => Promise<void>;
  /** Ends all of it at once, wrappers included. */
  killAll: () => void;
  /** Not started again until `release`. */
  hold: () => void;
  release: () => void;
  /** Resolves with how the one that runs now ends. */
  ended: () => Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** When the last one was started, `performance.now`. */
  startedAt: () => number;
  /** What it said last. */
  words: () => string[];
  stop: () => Promise<void>;
};

export type SupervisedOptions = {
  name: string;
  command: string[];
  environment: Record<string, string>;
  isReady: (line: string) => boolean;
  /** The program is the last of a chain of only children below what is spawned. */
  isWrapped?: boolean;
  onStart?: () => void;
};

const RESTART_MS = 250;
const READY_MS = 60_000;
const WORDS = 400;

/** The only child of a process, as `unshare` and `nsenter` have; null when there is none. */
function childOf(pid: number): number | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
    return children[0] ?? null;
  } catch {
    return null;
  }
}

/** Starts it. It ends with this process, however that ends. */
export function supervise(options: SupervisedOptions): Supervised {
  const { name, command, environment, isReady, isWrapped = false } = options;
  const words: string[] = [];
  let child: ChildProcess | null = null;
  let end = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  let ready = Promise.withResolvers<void>();
  let startedAt = 0;
  let held = false;
  let stopped = false;

  const hear = (line: string) => {
    words.push(`${new Date().toISOString()} ${name}: ${line}`);
    if (words.length > WORDS) words.shift();
    if (isReady(line)) ready.resolve();
  };
  const start = () => {
    options.onStart?.();
    startedAt = performance.now();
    const born = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...environment, NODE_ENV: "production" },
    });
    child = born;
    for (const stream of [born.stdout, born.stderr]) createInterface({ input: stream }).on("line", hear);
    born.once("exit", (code, signal) => {
      hear(`ended with ${signal ?? code}`);
      child = null;
      end.resolve({ code, signal });
      end = Promise.withResolvers();
      ready = Promise.withResolvers();
      if (!held && !stopped) setTimeout(startAgain, RESTART_MS);
    });
  };
  const startAgain = () => {
    if (child === null && !held && !stopped) start();
  };
  const pid = () => {
    let at = child?.pid ?? null;
    while (isWrapped && at !== null) {
      const next = childOf(at);
      if (next === null || isProgram(at)) break;
      at = next;
    }
    return at;
  };
  start();
  const signalTo = (signal: NodeJS.Signals) => {
    const at = pid();
    if (at !== null) killQuietly(at, signal);
  };
  return {
    name,
    pid,
    kill: async () => {
      if (child === null) return;
      const ended = end.promise;
      signalTo("SIGKILL");
      await ended;
    },
    ready: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${name} was not ready within a minute:\n${words.slice(-30).join("\n")}`)), READY_MS);
      });
      try {
        // The one that was waited for may have ended and been followed by another.
        for (let waited = ready; ; waited = ready) {
          await Promise.race([waited.promise, end.promise, late]);
          if (waited === ready && child !== null) return;
        }
      } finally {
        clearTimeout(timer);
      }
    },
    signal: signalTo,
    killAll: () => {
      if (child?.pid !== undefined) killQuietly(child.pid, "SIGKILL");
    },
    hold: () => (held = true),
    release: () => {
      held = false;
      startAgain();
    },
    ended: () => end.promise,
    startedAt: () => startedAt,
    words: () => [...words],
    stop: async () => {
      stopped = true;
      if (child === null) return;
      const ended = end.promise;
      const at = pid();
      if (at !== null) {
        killQuietly(at, "SIGCONT");
        killQuietly(at, "SIGTERM");
      }
      const patience = setTimeout(() => {
        if (child?.pid !== undefined) killQuietly(child.pid, "SIGKILL");
      }, 10_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

const isProgram = (pid: number): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === process.execPath;
  } catch {
    return false;
  }
};

function killQuietly(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
