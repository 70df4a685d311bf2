import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A whole Corral of its own, started as a person starts it: `npm start` on an empty data directory. */
export type Instance = {
  url: string;
  signInLink: string;
  token: string;
  /** The start script's process. */
  process: ChildProcess;
  /** Everything it said so far, for a failure's report. */
  output: () => string;
  /** Ctrl-C, and waits until everything has ended. */
  stop: () => Promise<void>;
};

const START_TIMEOUT_MS = 300_000;

/** Starts an instance and resolves when it says that it is ready. @throws with all it said when it ends before, or takes too long. */
export async function startInstance({
  dataDir,
  token,
  environment = {},
}: {
  dataDir: string;
  token: string;
  environment?: Record<string, string>;
}): Promise<Instance> {
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: "0", CORRAL_DATA_DIR: dataDir, CORRAL_BOOTSTRAP_TOKEN: token, ...environment },
  });
  let said = "";
  let url: string | null = null;
  let signInLink: string | null = null;
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Corral was not ready in time. It said:\n${said}`)), START_TIMEOUT_MS);
    child.once("exit", (code) => reject(new Error(`Corral ended with ${code} before it was ready. It said:\n${said}`)));
    child.stderr.on("data", (data: Buffer) => {
      said += data.toString();
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      said += `${line}\n`;
      url ??= /^Corral is ready: (http:\/\/\S+)$/.exec(line)?.[1] ?? null;
      signInLink ??= url === null ? null : (/(http:\/\/\S+token=\S+)/.exec(line)?.[1] ?? null);
      if (url === null || signInLink === null) return;
      clearTimeout(timer);
      resolve();
    });
  });
  try {
    await ready;
  } catch (error) {
    child.kill("SIGTERM");
    throw error;
  }
  if (url === null || signInLink === null) throw new Error("unreachable");
  return {
    url,
    signInLink,
    token,
    process: child,
    output: () => said,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGINT");
      await exited;
    },
  };
}
