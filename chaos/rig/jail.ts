import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = "/sys/fs/cgroup";
const KNOBS = { memory: ["memory.limit_in_bytes", "memory.max"], pids: ["pids.max", "pids.max"] } as const;

/** One process's limit of its own, beside what its scripts are held to. */
export type Jail = { leave: () => void };

/** Puts a process, without its children, into a cgroup with a limit. */
export function jail(controller: keyof typeof KNOBS, name: string, pid: number, limit: number): Jail {
  const isV1 = existsSync(join(ROOT, controller, "cgroup.procs"));
  const base = isV1 ? join(ROOT, controller) : ROOT;
  const home = /* where it was */ readFileSync(`/proc/${pid}/cgroup`, "utf8")
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .find((match) => match !== null && (isV1 ? match[1]?.split(",").includes(controller) === true : match[1] === ""))?.[2];
  if (home === undefined) throw new Error(`Process ${pid} is in no cgroup of ${controller}.`);
  const directory = join(base, `corral-chaos-${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, KNOBS[controller][isV1 ? 0 : 1]), String(limit));
  writeFileSync(join(directory, "cgroup.procs"), String(pid));
  return {
    leave: () => {
      try {
        writeFileSync(join(base, home, "cgroup.procs"), String(pid));
      } catch (error) {
        // It did not outlive its limit.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
      rmdirSync(directory);
    },
  };
}
