import { rm } from "node:fs/promises";

import { cgroupsBelow, endCgroup } from "./cgroup/end-subtree.ts";
import { removeCgroup } from "./cgroup/knobs.ts";
import type { AttemptManifest, Manifests, WorkerManifest } from "./manifest.ts";
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
    for (const cgroup of await cgroupsBelow(directories)) await endCgroup(kind, cgroup);
    for (const directory of directories) await removeCgroup(directory);
    for (const directory of manifest.scratch) await rm(directory, { recursive: true, force: true });
    await attempts.removeUnfinished(manifest.instance);
    await workers.remove(manifest);
  }
  return swept;
}
