import { execFile } from "node:child_process";
import { access, constants, realpath } from "node:fs/promises";
import { basename } from "node:path";
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
  /** What makes it say its version; null where it need not be asked, or nothing does: then it is the name of the program behind its own. */
  versionFlags: readonly string[] | null;
};

const inBin = (...names: string[]) => names.flatMap((name) => [`/usr/bin/${name}`, `/usr/local/bin/${name}`, `/bin/${name}`]);

/** Every language that Corral knows, in the order in which they are offered; server/contracts/languages.ts tells everybody else. */
export const RUNTIME_DEFINITIONS: readonly RuntimeDefinition[] = [
  { id: "bash", title: "Bash", fileName: "main.sh", candidates: inBin("bash"), flags: [], versionFlags: ["--version"] },
  {
    id: "python",
    title: "Python",
    fileName: "main.py",
    // Unbuffered: a line is seen when it is printed, not when the script ends.
    candidates: inBin("python3"),
    flags: ["-u"],
    versionFlags: ["--version"],
  },
  { id: "node", title: "Node.js", fileName: "main.mjs", candidates: "own", flags: [], versionFlags: null },
  { id: "sh", title: "POSIX shell", fileName: "main.sh", candidates: ["/bin/sh"], flags: [], versionFlags: null },
  // $| = 1: a line is seen when it is printed.
  { id: "perl", title: "Perl", fileName: "main.pl", candidates: inBin("perl"), flags: ["-Mvars;$|=1"], versionFlags: ["--version"] },
  { id: "ruby", title: "Ruby", fileName: "main.rb", candidates: inBin("ruby"), flags: [], versionFlags: ["--version"] },
  { id: "php", title: "PHP", fileName: "main.php", candidates: inBin("php"), flags: [], versionFlags: ["--version"] },
  {
    id: "lua",
    title: "Lua",
    fileName: "main.lua",
    candidates: inBin("lua", "lua5.4", "lua5.3"),
    flags: ["-e", "io.stdout:setvbuf('line')"],
    versionFlags: ["-v"],
  },
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
  const found = await Promise.all(RUNTIME_DEFINITIONS.map((definition) => findRuntime(definition, ownNode)));
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
      const version = await versionOf(program, { isOwn: candidates === "own", versionFlags });
      return { id, title, fileName, interpreter, program, version, flags, bindAt: candidates === "own" ? OWN_NODE : null };
    } catch {
      // Not there, or it does not run: this host does not offer it.
      continue;
    }
  }
  return null;
}

async function versionOf(program: string, { isOwn, versionFlags }: { isOwn: boolean; versionFlags: readonly string[] | null }): Promise<string> {
  // It is what runs this.
  if (isOwn) return process.versions.node;
  return versionFlags === null ? basename(await realpath(program)) : askVersion(program, versionFlags);
}

/** A starting worker looks twice, as the doctor and as the executor; starting seven interpreters is a good part of its start. */
const answers = new Map<string, Promise<string>>();

function askVersion(program: string, versionFlags: readonly string[]): Promise<string> {
  const asked = answers.get(program) ?? startForVersion(program, versionFlags);
  answers.set(program, asked);
  // One that does not run may be put right before it is asked again.
  asked.catch(() => answers.delete(program));
  return asked;
}

async function startForVersion(program: string, versionFlags: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, [...versionFlags], { timeout: 10_000, env: { NODE_ENV: "production", PATH: "/usr/bin:/bin" } });
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? "unknown";
}
