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

/** The web processes that serve a port: Next.js gives them a name of its own, so that only their environment tells which. */
export function webProcessesAt(port: string): number[] {
  return processesWith("next-server").filter((pid) => environmentOf(pid).includes(`PORT=${port}`));
}

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
