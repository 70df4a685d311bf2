import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ExecutorSetupError, hasCode } from "../errors.ts";
import type { CgroupDriver, SubtreeLimits } from "./driver.ts";
import { readKnob } from "./knobs.ts";
import { openNone } from "./none.ts";
import { V1_CONTROLLERS, openV1 } from "./v1.ts";
import type { V1Bases, V1Controller } from "./v1.ts";
import { V2_CONTROLLERS, openV2 } from "./v2.ts";

/** Where cgroups are mounted and where this process is in each, parsed from /proc/self. */
export type CgroupPlace = {
  /** Directory of this process in the v2 hierarchy, if one is mounted. */
  v2: string | null;
  v1: Partial<Record<V1Controller, string>>;
};

/** Parses /proc/self/mountinfo and /proc/self/cgroup (cgroups(7), proc_pid_mountinfo(5)). */
export function parsePlace(mountinfo: string, cgroup: string): CgroupPlace {
  const own = new Map<string, string>();
  for (const line of cgroup.split("\n").filter(Boolean)) {
    const [, controllers = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of controllers === "" ? ["v2"] : controllers.split(",")) own.set(controller, path);
  }
  const place: CgroupPlace = { v2: null, v1: {} };
  for (const line of mountinfo.split("\n").filter(Boolean)) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "/", mountPoint = ""] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    // In a container the mount may show only a part of the hierarchy; paths are relative to that part.
    const directory = (path: string) => join(mountPoint, root !== "/" && path.startsWith(root) ? path.slice(root.length) : path).replace(/\/$/, "");
    if (type === "cgroup2") place.v2 ??= directory(own.get("v2") ?? "/");
    if (type !== "cgroup") continue;
    for (const controller of V1_CONTROLLERS) {
      if (options.split(",").includes(controller)) place.v1[controller] ??= directory(own.get(controller) ?? "/");
    }
  }
  return place;
}

const REMEDY =
  "Start Corral as root or under systemd with Delegate=yes, in Docker with --security-opt writable-cgroups=true; or set CORRAL_ALLOW_UNENFORCED=1 to run scripts without kernel limits.";

/**
 * Finds the cgroups that this host has and takes them into use.
 * @throws ExecutorSetupError `cgroup_unwritable` when limits can't be enforced, unless that is allowed.
 */
export async function detectDriver(instance: string, limits: SubtreeLimits, allowUnenforced: boolean): Promise<CgroupDriver> {
  const place = parsePlace(await readFile("/proc/self/mountinfo", "utf8"), await readFile("/proc/self/cgroup", "utf8"));
  try {
    const controllers = place.v2 === null ? [] : (readKnob(join(place.v2, "cgroup.controllers")) ?? "").trim().split(" ");
    if (place.v2 !== null && V2_CONTROLLERS.every((controller) => controllers.includes(controller))) {
      return await openV2(place.v2, instance, limits);
    }
    const missing = V1_CONTROLLERS.filter((controller) => place.v1[controller] === undefined);
    if (missing.length === 0) return await openV1({ ...(place.v1 as Omit<V1Bases, "unified">), unified: place.v2 }, instance, limits);
    if (allowUnenforced) return openNone();
    throw new ExecutorSetupError(
      "cgroup_unwritable",
      `This host offers no cgroup controllers for memory, CPU and processes (missing: ${missing.join(", ")}). ${REMEDY}`,
    );
  } catch (error) {
    if (error instanceof ExecutorSetupError) throw error;
    if (allowUnenforced) return openNone();
    const reason = hasCode(error, "EACCES", "EPERM", "EROFS", "EBUSY") && error instanceof Error ? error.message : String(error);
    throw new ExecutorSetupError("cgroup_unwritable", `Corral can't write its cgroup, so it could not hold scripts to their limits (${reason}). ${REMEDY}`);
  }
}
