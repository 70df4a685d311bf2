import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { removeCgroup } from "./cgroup/knobs.ts";
import { killV1 } from "./cgroup/v1.ts";
import { killV2 } from "./cgroup/v2.ts";
import { hasCode } from "./errors.ts";
import type { AttemptManifest, CgroupKind, Manifests, WorkerManifest } from "./manifest.ts";
import { isAlive } from "./process-identity.ts";

type SweptAttempt = Pick<AttemptManifest, "id" | "runId" | "attempt">;

/**
 * Ends and removes what dead workers left on this host, and returns whose attempts they were. Attempts of living
 * workers are left alone, also when a dead worker's number was given to another process.
 */
export async function sweep(attempts: Manifests<AttemptManifest>, workers: Manifests<WorkerManifest>): Promise<SweptAttempt[]> {
  const swept: SweptAttempt[] = [];
  for (const manifest of await attempts.list()) {
    if (await isAlive(manifest.worker)) continue;
    await endCgroup(manifest.cgroup.kind, manifest.cgroup.directories);
    // Two sweepers may end the same attempt; one of them reports it.
    if (await attempts.remove(manifest)) swept.push({ id: manifest.id, runId: manifest.runId, attempt: manifest.attempt });
  }
  for (const manifest of await workers.list()) {
    if (await isAlive(manifest.worker)) continue;
    const { kind, directories } = manifest.cgroup;
    // Attempts whose worker died between making their cgroup and writing their manifest: nothing of them ever ran.
    for (const name of await childrenOf(directories))
      await endCgroup(
        kind,
        directories.map((directory) => join(directory, name)),
      );
    for (const directory of directories) await removeCgroup(directory);
    for (const directory of manifest.scratch) await rm(directory, { recursive: true, force: true });
    await workers.remove(manifest);
  }
  return swept;
}

async function endCgroup(kind: CgroupKind, directories: string[]): Promise<void> {
  if (kind === "v2") for (const directory of directories) await killV2(directory);
  else if (kind === "v1") await killV1(directories);
  for (const directory of directories) await removeCgroup(directory);
}

async function childrenOf(directories: string[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const directory of directories) {
    try {
      for (const entry of await readdir(directory, { withFileTypes: true })) if (entry.isDirectory()) names.add(entry.name);
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
    }
  }
  return names;
}
