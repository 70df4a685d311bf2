import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import type { WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A process of Corral's that is started again when it dies. */
export type Child = {
  /** Resolves when it first said (or was seen) to be ready. @throws its last words when it ended before. */
  ready: Promise<void>;
  /** Ends it: SIGTERM, and SIGKILL when it takes too long. */
  stop: (patienceMs: number) => Promise<void>;
  /** Repeats the signal: it then hurries. */
  hasten: () => void;
  /** Ends it, so that it is started again at once. */
  restart: () => void;
};

export type ChildOptions = {
  name: "web" | "worker";
  command: string[];
  environment: NodeJS.ProcessEnv;
  logDirectory: string;
  /** Resolves when a fresh process is ready; by default when it sends `{ ready: true }`. */
  isReady?: (process: ChildProcess) => Promise<void>;
};

const RESTART_MS = { first: 250, most: 30_000 };
/** One that lived so long starts with the shortest delay again. */
const LONG_LIFE_MS = 60_000;
const LOG_MAX_BYTES = 10 * 1024 * 1024;

const saysSo = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.on("message", (message) => {
      if (typeof message === "object" && message !== null && "ready" in message) resolve();
    });
  });

/** Starts a process and keeps it running until it is stopped. */
export function startChild({ name, command, environment, logDirectory, isReady = saysSo }: ChildOptions): Child {
  const log = openLog(logDirectory, name);
  let current: ChildProcess;
  let stopping = false;
  let wasReady = false;
  let delayMs = RESTART_MS.first;
  let restart: NodeJS.Timeout | undefined;
  let whenStopped: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (whenStopped = resolve));

  const launch = (onReady: () => void, onDeath: (words: string) => void) => {
    const born = performance.now();
    // Detached: Ctrl-C in a terminal goes to the whole foreground group, but the order of stopping is ours.
    const child = spawn(process.execPath, command, { detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"], env: environment });
    current = child;
    const lastWords = readWords(child, name, log, () => wasReady);
    child.once("error", (error) => lastWords.push(error.message));
    void isReady(child).then(() => {
      wasReady = true;
      onReady();
    });
    child.once("close", (code, signal) => {
      if (stopping) return whenStopped();
      onDeath(lastWords.join("\n"));
      if (!wasReady) return whenStopped();
      if (performance.now() - born > LONG_LIFE_MS) delayMs = RESTART_MS.first;
      console.error(`The ${name} process ended with ${signal ?? code}; starting it again.${lastWords.length > 0 ? ` It said: ${lastWords.at(-1)}` : ""}`);
      restart = setTimeout(
        () =>
          launch(
            () => undefined,
            () => undefined,
          ),
        delayMs,
      );
      delayMs = Math.min(delayMs * 2, RESTART_MS.most);
    });
  };
  const ready = new Promise<void>((resolve, reject) => launch(resolve, (words) => reject(new Error(words))));

  return {
    ready,
    hasten: () => void current.kill("SIGTERM"),
    restart: () => {
      delayMs = RESTART_MS.first;
      current.kill("SIGTERM");
    },
    stop: async (patienceMs) => {
      stopping = true;
      clearTimeout(restart);
      if (current.exitCode === null && current.signalCode === null) {
        current.kill("SIGTERM");
        const patience = setTimeout(() => current.kill("SIGKILL"), patienceMs);
        await stopped;
        clearTimeout(patience);
      }
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}

function openLog(directory: string, name: string): WriteStream {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.log`);
  if (existsSync(path) && statSync(path).size > LOG_MAX_BYTES) renameSync(path, `${path}.1`);
  return createWriteStream(path, { flags: "a", mode: 0o600 });
}

const WARN = 40;

/** What a person should see of a line: a structured one by its message from warnings on, any other as it is. */
function worthShowing(line: string): string | null {
  if (!line.startsWith("{")) return line.trim() === "" ? null : line;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    return (level ?? 0) >= WARN ? [msg, err?.message].filter((part) => part !== undefined).join(": ") : null;
  } catch (error) {
    if (error instanceof SyntaxError) return line;
    throw error;
  }
}

function readWords(child: ChildProcess, name: string, log: WriteStream, isShown: () => boolean): string[] {
  const lastWords: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      if (stream !== child.stderr) return;
      const text = worthShowing(line);
      if (text === null) return;
      lastWords.push(text);
      if (lastWords.length > 20) lastWords.shift();
      if (isShown()) console.error(`${name}: ${text}`);
    });
  }
  return lastWords;
}
