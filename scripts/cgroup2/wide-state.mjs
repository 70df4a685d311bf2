import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether this machine's CPU has more state than User-Mode Linux gives back (wide-state.c). */
export const hasWideState = () => /^flags.*\bamx_tile\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));

/** What compiles what helps it then. */
export const COMPILER = { program: "gcc", package: "gcc", purpose: "it lets a kernel with cgroup v2 run on this machine's CPU" };

/**
 * Compiles it into a directory and returns its path, to be preloaded. @throws what the compiler says
 * @param {string} directory
 */
export function buildWideState(directory) {
  const library = join(directory, "wide-state.so");
  execFileSync(
    "gcc",
    ["-O2", "-shared", "-fPIC", "-nostdlib", "-fno-tree-loop-distribute-patterns", "-o", library, join(import.meta.dirname, "wide-state.c")],
    { stdio: "inherit" },
  );
  return library;
}
