import { readlink } from "node:fs/promises";

import type { WorkerCapabilities } from "#server/workers/capabilities.ts";

import { isAlive, ownIdentity } from "./executor/process-identity.ts";

/** A boot, a pid namespace and a start time: together they name a process for good, where a pid alone may be another's. */
export type Place = WorkerCapabilities["place"];

/** Where this process is. */
export async function readPlace(): Promise<Place> {
  const [{ bootId, startTime }, pidNamespace] = await Promise.all([ownIdentity(), readlink("/proc/self/ns/pid")]);
  return { bootId, pidNamespace, processStart: startTime };
}

/** Whether a process is known to be gone: only where this process could see it if it still lived. */
export async function isKnownDead(mine: Place, its: Place, pid: number): Promise<boolean> {
  if (its.pidNamespace !== mine.pidNamespace || its.bootId !== mine.bootId) return false;
  return !(await isAlive({ bootId: its.bootId, pid, startTime: its.processStart }));
}
