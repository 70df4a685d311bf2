import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { detectDriver } from "../executor/cgroup/detect.ts";
import type { CgroupDriver } from "../executor/cgroup/driver.ts";
import { hostSize, processLimit } from "../executor/host-size.ts";
import { check, failedBy, ok, warning } from "./check.ts";
import type { Check, CheckResult } from "./check.ts";

const MIB = 1024 ** 2;
const LIMITS = { timeoutMs: 1000, memoryBytes: 64 * MIB, cpuMillis: 500, pidsMax: 16, outputMaxBytes: 1, diskMaxBytes: 1 };

/**
 * The cgroups of this host, by taking them into use as a worker does: a subtree of its own with a limited cgroup in it, which
 * are gone afterwards. @throws nothing: a refusal is what was found
 */
export async function checkCgroups(allowUnenforced: boolean): Promise<Check[]> {
  let driver: CgroupDriver;
  try {
    driver = await detectDriver(`doctor-${process.pid}`, { memoryBytes: hostSize().memoryBytes, pidsMax: await processLimit() }, allowUnenforced);
  } catch (error) {
    return [{ id: "cgroup", title: "cgroup delegation", ...failedBy(error) }];
  }
  if (driver.name === "none") return [{ id: "cgroup", title: "cgroup delegation", ...unenforced() }];
  try {
    const cgroup = await driver.create("check");
    try {
      cgroup.setLimits(LIMITS);
      const has = (file: string) => cgroup.directories.some((directory) => existsSync(join(directory, file)));
      const name = driver.name === "cgroup-v2" ? "cgroup v2" : "cgroup v1";
      return [
        await check("cgroup", "cgroup delegation", () => ok(`${name}, writable at ${driver.directories[0] ?? ""}`)),
        await check("controllers", "Controllers", () => ok("memory, cpu and pids, and their limits can be set")),
        await check("memory-peak", "Peak memory", () => peakMemory(has)),
        await check("cgroup-kill", "Ending a tree", () => endingATree(has)),
        await check("swap", "Swap", () => swap(has)),
      ];
    } finally {
      await cgroup.destroy();
    }
  } catch (error) {
    return [{ id: "controllers", title: "Controllers", ...failedBy(error) }];
  } finally {
    await driver.close();
  }
}

const unenforced = (): CheckResult =>
  warning(
    "Scripts run WITHOUT kernel limits on this host (CORRAL_ALLOW_UNENFORCED=1): memory, CPU and process limits are not enforced.",
    "Start Corral as root or under systemd with Delegate=yes, and unset CORRAL_ALLOW_UNENFORCED.",
  );

type Has = (file: string) => boolean;

function peakMemory(has: Has): CheckResult {
  if (has("memory.peak") || has("memory.max_usage_in_bytes")) return ok("counted by the kernel");
  return warning("This kernel keeps no peak (memory.peak): it is sampled four times a second, and a short peak is missed.", "Use Linux 5.19 or newer.");
}

function endingATree(has: Has): CheckResult {
  if (has("cgroup.kill")) return ok("in one step (cgroup.kill)");
  return warning("This kernel has no cgroup.kill: a tree is ended process by process, again until none is left.", "Use Linux 5.14 or newer.");
}

function swap(has: Has): CheckResult {
  const isOn = readFileSync("/proc/swaps", "utf8").trim().split("\n").length > 1;
  if (!isOn) return ok("none, so none to limit");
  if (has("memory.swap.max") || has("memory.memsw.limit_in_bytes")) return ok("on, and not for scripts");
  return warning(
    "Swap is on and this kernel does not count it: a script at its memory limit goes on in swap instead of being ended.",
    "Boot with swapaccount=1, or turn swap off (swapoff -a).",
  );
}
