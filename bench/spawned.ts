import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs a command to its end, its output read and dropped. @throws when it fails */
export async function spawned(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.resume();
  child.stderr.resume();
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}.`);
}

/** Scripts that do nothing, by language, and how each is run without Corral. */
export const EMPTY_SCRIPTS = {
  bash: { source: "true", bare: () => spawned("/bin/bash", ["-c", "true"]) },
  python: { source: "pass", bare: () => spawned("/usr/bin/python3", ["-c", "pass"]) },
  node: { source: "true", bare: () => spawned(process.execPath, ["-e", "true"]) },
} as const;
