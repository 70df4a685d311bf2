import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { promisify } from "node:util";

import type { Runtime } from "./types.ts";

/** How a language is run. A new one is one entry here. */
type RuntimeDefinition = {
  id: string;
  title: string;
  fileName: string;
  /** Where its interpreter may be on a host, best first; `own` is Corral's own Node.js. */
  candidates: readonly string[] | "own";
  /** Arguments between the interpreter and the file. */
  flags: readonly string[];
  versionFlags: readonly string[];
};

const DEFINITIONS: readonly RuntimeDefinition[] = [
  { id: "bash", title: "Bash", fileName: "main.sh", candidates: ["/usr/bin/bash", "/bin/bash"], flags: [], versionFlags: ["--version"] },
  {
    id: "python",
    title: "Python",
    fileName: "main.py",
    // Unbuffered: a line is seen when it is printed, not when the script ends.
    candidates: ["/usr/bin/python3", "/usr/local/bin/python3"],
    flags: ["-u"],
    versionFlags: ["--version"],
  },
  { id: "node", title: "Node.js", fileName: "main.mjs", candidates: "own", flags: [], versionFlags: ["--version"] },
];

/** A runtime as this host offers it, with what the launch needs. */
export type InstalledRuntime = Runtime & {
  flags: readonly string[];
  /** What is run: the interpreter itself, or its copy where scripts can reach it. */
  program: string;
  /** An interpreter outside the system directories: bound into the sandbox at this path. */
  bindAt: string | null;
};

/** Where Corral's own Node.js appears in a sandbox. */
const OWN_NODE = "/opt/corral/bin/node";

const run = promisify(execFile);

/**
 * Finds the runtimes of this host and asks each for its version.
 * @param ownNode Corral's own Node.js, and where scripts can reach it
 */
export async function findRuntimes(ownNode: { interpreter: string; program: string }): Promise<InstalledRuntime[]> {
  const found = await Promise.all(DEFINITIONS.map((definition) => findRuntime(definition, ownNode)));
  return found.filter((runtime) => runtime !== null);
}

async function findRuntime(
  { id, title, fileName, candidates, flags, versionFlags }: RuntimeDefinition,
  ownNode: { interpreter: string; program: string },
): Promise<InstalledRuntime | null> {
  const choices = candidates === "own" ? [ownNode] : candidates.map((path) => ({ interpreter: path, program: path }));
  for (const { interpreter, program } of choices) {
    try {
      await access(program, constants.X_OK);
      const { stdout, stderr } = await run(program, [...versionFlags], { timeout: 10_000, env: { NODE_ENV: "production" } });
      const version = /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? "unknown";
      return { id, title, fileName, interpreter, program, version, flags, bindAt: candidates === "own" ? OWN_NODE : null };
    } catch {
      // Not there, or it does not run: this host does not offer it.
      continue;
    }
  }
  return null;
}
