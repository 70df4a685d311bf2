import { rm } from "node:fs/promises";

import { removeCgroup } from "./cgroup/knobs.ts";
import { killV1 } from "./cgroup/v1.ts";
import { killV2 } from "./cgroup/v2.ts";
import type { AttemptManifest, Manifests, WorkerManifest } from "./manifest.ts";
import { isAlive } from "./process-identity.ts";

/**
 * Ends and removes what dead workers left on this host, and returns whose attempts they were. Attempts of living
 * workers are left alone, also when a dead worker's number was given to another process.
 */
export async function sweep(attempts: Manifests<AttemptManifest>, workers: Manifests<WorkerManifest>): Promise<SweptAttempt[]> {
  const swept: SweptAttempt[] = [];
  for (const manifest of await attempts.list()) {
    if (await isAlive(manifest.worker)) continue;
    await endAttempt(manifest);
    await attempts.remove(manifest.id);
    swept.push({ id: manifest.id, runId: manifest.runId, attempt: manifest.attempt });
  }
  for (const manifest of await workers.list()) {
    if (await isAlive(manifest.worker)) continue;
    for (const directory of manifest.cgroupDirectories) await removeCgroup(directory);
    await rm(manifest.pipesDirectory, { recursive: true, force: true });
    await workers.remove(manifest.id);
  }
  return swept;
}

type SweptAttempt = Pick<AttemptManifest, "id" | "runId" | "attempt">;

async function endAttempt({ cgroup: { kind, directories } }: AttemptManifest): Promise<void> {
  if (kind === "v2") for (const directory of directories) await killV2(directory);
  else if (kind === "v1") await killV1(directories);
  for (const directory of directories) await removeCgroup(directory);
}
