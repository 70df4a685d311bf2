import { readFileSync, readdirSync } from "node:fs";

/** Every process of this machine whose command line holds `text`: looked at from outside, as root sees it. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(text));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch (error) {
    // It ended between the listing and the reading.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}

/** The web processes that serve a port. */
export const webProcessesAt = (port: string): number[] => processesWith("server/web/main.ts ").filter((pid) => commandLine(pid).includes(` --port ${port} `));

/** The worker processes of a data directory. */
export const workerProcessesOf = (dataDir: string) =>
  processesWith("worker/main.ts").filter((pid) => environmentOf(pid).includes(`CORRAL_DATA_DIR=${dataDir}`));

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
