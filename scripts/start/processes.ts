import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { startChild } from "./child.ts";
import type { Child } from "./child.ts";

const READY_TIMEOUT_MS = 60_000;
const ASK_EVERY_MS = 50;

/**
 * Young objects get 2 MB instead of 16: of what a request or a run leaves behind little is kept, and the rest is room that a process
 * would hold for good.
 */
const SMALL_YOUNG_SPACE = "--max-semi-space-size=2";

/**
 * One arena for all threads, and so no half-empty ones. For the worker in large pages: to start a process Linux copies this one's page tables,
 * and this one stands still meanwhile, 16 ms of 110 MB in small pages and 5 in large ones. See glibc's manual, "Memory Allocation Tunables"; where
 * glibc or the kernel knows nothing of it, nothing changes.
 */
const ALLOCATION = { web: "glibc.malloc.arena_max=1", worker: "glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1" } as const;

/** What a process gets of an environment besides what is in it: how it holds its memory, unless somebody has said so. */
export const tuned = <Environment extends object>(role: keyof typeof ALLOCATION, environment: Environment): Environment & { GLIBC_TUNABLES: string } => ({
  GLIBC_TUNABLES: ALLOCATION[role],
  ...environment,
});

/** How the web process is started. */
export const webCommand = ({ host, port, dev }: { host: string; port: number; dev: boolean }): string[] => [
  SMALL_YOUNG_SPACE,
  "server/web/main.ts",
  "--host",
  host,
  "--port",
  String(port),
  ...(dev ? ["--dev"] : []),
];

/** How the worker process is started. */
export const workerCommand: string[] = [SMALL_YOUNG_SPACE, "worker/main.ts"];

/** Starts the web process; it is ready when it answers that it and its database are. */
export function startWeb(options: { host: string; port: number; dev: boolean; environment: NodeJS.ProcessEnv; logDirectory: string }): Child {
  const { host, port, environment, logDirectory } = options;
  const reachable = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  const url = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}/api/health/ready`;
  return startChild({
    name: "web",
    command: webCommand(options),
    environment: tuned("web", environment),
    logDirectory,
    isReady: async (process) => {
      for (const deadline = performance.now() + READY_TIMEOUT_MS; process.exitCode === null;) {
        if (await answers(url)) return;
        if (performance.now() > deadline) throw new Error(`The web process does not answer at ${url}.`);
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
    },
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.ok;
  } catch (error) {
    // Not listening yet, or listening and not answering yet.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError")) return false;
    throw error;
  }
}

/** Starts the worker process; it says itself when it takes runs. */
export const startWorker = (environment: NodeJS.ProcessEnv, logDirectory: string): Child =>
  startChild({ name: "worker", command: workerCommand, environment: tuned("worker", environment), logDirectory });

/** Makes the first ways in (administrator, bootstrap token) and returns a sign-in link for one use. */
export async function createAccess(environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "access.ts")], { stdio: ["ignore", "pipe", "pipe"], env: environment });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`The sign-in link could not be made:\n${errors}`);
  return out.trim();
}
