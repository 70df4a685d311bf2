import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

import { LANGUAGES } from "#server/contracts/languages.ts";
import { formatBytes } from "#server/contracts/units.ts";

import { findRuntimes } from "../executor/runtimes.ts";
import { checkCgroups } from "./cgroup-checks.ts";
import { check, failed, ok, warning } from "./check.ts";
import type { Check, CheckResult } from "./check.ts";
import { checkSandbox } from "./sandbox-checks.ts";

const MIB = 1024 ** 2;
const DISK_LEAST_BYTES = 100 * MIB;
const DISK_ENOUGH_BYTES = 1024 * MIB;
/** A worker holds a few descriptors for every attempt, its sandbox and its output. */
const DESCRIPTORS_ENOUGH = 4096;

/** Everything about a host that a worker depends on; the same at its start and in `npm run doctor`. */
export async function checkHost({ dataDir, allowUnenforced }: { dataDir: string; allowUnenforced: boolean }): Promise<Check[]> {
  const checks = await Promise.all([
    checkCgroups(allowUnenforced),
    checkSandbox(),
    check("runtimes", "Runtimes", runtimes),
    check("disk", "Disk", () => disk(dataDir)),
    check("descriptors", "Open files", descriptors),
  ]);
  return checks.flat();
}

async function runtimes(): Promise<CheckResult> {
  const found = await findRuntimes({ interpreter: process.execPath, program: process.execPath });
  const missing = LANGUAGES.slice(0, 3).filter(({ id }) => !found.some((runtime) => runtime.id === id));
  const list = found.map(({ title, version }) => `${title} ${version}`).join(", ");
  if (found.length === 0) return failed("No interpreter was found on this host.", "Install bash and python3: apt-get install bash python3.");
  if (missing.length === 0) return ok(list);
  const names = missing.map(({ title }) => title).join(" and ");
  return warning(
    `${list}; no ${names}: such runs wait for another worker.`,
    `Install ${names}: apt-get install ${missing.map(({ id }) => (id === "python" ? "python3" : id)).join(" ")}.`,
  );
}

async function disk(dataDir: string): Promise<CheckResult> {
  const { bavail, bsize } = await statOfNearest(dataDir);
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free for ${dataDir}`;
  const remedy = "Make room, or set CORRAL_DATA_DIR to a directory on a larger disk.";
  if (free < DISK_LEAST_BYTES) return failed(`${found}: the journal and the embedded database need more.`, remedy);
  return free < DISK_ENOUGH_BYTES ? warning(`${found}.`, remedy) : ok(found);
}

/** Of the directory, or where it will be made. */
async function statOfNearest(directory: string): Promise<{ bavail: number; bsize: number }> {
  try {
    return await statfs(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(directory) === directory) throw error;
    return statOfNearest(dirname(directory));
  }
}

/** Node.js has no getrlimit; the report has what the process began with. */
function descriptors(): CheckResult {
  const { userLimits } = process.report.getReport() as { userLimits: { open_files: { soft: number | "unlimited" } } };
  const { soft } = userLimits.open_files;
  if (soft === "unlimited" || soft >= DESCRIPTORS_ENOUGH) return ok(String(soft));
  return warning(`At most ${soft} at once.`, "Raise it: ulimit -n 65536, or LimitNOFILE=65536 in the unit.");
}
