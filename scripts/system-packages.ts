import { execFile, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import { Refusal } from "./bootstrap/refusal.mjs";

/** A program that Corral runs, and what it is packaged as. */
export type SystemProgram = { program: string; package: string; purpose: string };

/** Where a program is, or null. */
export function findProgram(program: string): string | null {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(directory, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      if (!["ENOENT", "EACCES", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  return null;
}

const MANAGERS = [
  ["apt-get", "apt-get install -y"],
  ["dnf", "dnf install -y"],
  ["zypper", "zypper install -y"],
  ["pacman", "pacman -S --noconfirm"],
  ["apk", "apk add"],
] as const;

/** The one command that installs them on this machine, to be typed by a person. */
function installCommand(packages: string[]): string {
  const manager = MANAGERS.find(([name]) => findProgram(name) !== null)?.[1] ?? "apt-get install -y";
  return `${process.getuid?.() === 0 ? "" : "sudo "}${manager} ${packages.join(" ")}`;
}

/**
 * Installs the programs that are missing, where we are root and the machine has apt; returns the packages it installed.
 * @throws Refusal with the one command to type, everywhere else.
 */
export async function ensurePrograms(programs: SystemProgram[]): Promise<string[]> {
  const missing = programs.filter(({ program }) => findProgram(program) === null);
  const packages = [...new Set(missing.map((entry) => entry.package))];
  if (packages.length === 0) return [];
  const names = missing.map(({ program, purpose }) => `${program} (${purpose})`).join(", ");
  const refusal = (because: string, cause?: unknown) =>
    new Refusal(`${names} ${missing.length === 1 ? "is" : "are"} not installed${because}. Install with: ${installCommand(packages)}`, { cause });
  if (process.getuid?.() !== 0 || findProgram("apt-get") === null) throw refusal("");
  const apt = (...args: string[]) =>
    promisify(execFile)("apt-get", args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, maxBuffer: 64 * 1024 * 1024 });
  const install = () => apt("install", "-y", "--no-install-recommends", ...packages);
  try {
    // The lists may be missing, as in a fresh container, or older than what the mirror still has.
    await install().catch(async () => {
      await apt("update");
      return install();
    });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error);
    throw refusal(`, and apt could not install ${packages.length === 1 ? "it" : "them"}: ${said.trim().split("\n").at(-1) ?? ""}`, error);
  }
  const still = missing.find(({ program }) => findProgram(program) === null);
  if (still !== undefined) throw refusal(`: apt installed ${still.package}, yet it has no ${still.program}`);
  return packages;
}

/** The same for programs that something works better with; where they can't be installed it goes on without. */
export async function tryPrograms(programs: SystemProgram[]): Promise<string[]> {
  try {
    return await ensurePrograms(programs);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

/** The first line of what a program says about its version. */
export const versionOf = (program: string): string => spawnSync(program, ["--version"], { encoding: "utf8" }).stdout.split("\n", 1)[0] ?? "";
