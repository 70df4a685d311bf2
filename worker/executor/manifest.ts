import { mkdir, readFile, readdir, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { hasCode } from "./errors.ts";
import type { ProcessIdentity } from "./process-identity.ts";

type Manifest = { id: string; worker: ProcessIdentity };

/** What a successor needs to know of an attempt whose worker died: whose it was and what to remove. */
export type AttemptManifest = Manifest & {
  runId: string;
  attempt: number;
  /** `v2` is ended by cgroup.kill; `v1` names one directory a controller. */
  cgroup: { kind: "v2" | "v1" | "none"; directories: string[] };
};

/** What is left of a worker itself that died: empty directories. */
export type WorkerManifest = Manifest & { cgroupDirectories: string[]; pipesDirectory: string };

/** Manifests of one kind, a file each, written before what they name exists. */
export type Manifests<M extends Manifest> = {
  write: (manifest: M) => Promise<void>;
  remove: (id: string) => Promise<void>;
  /** Those of all workers that use the directory. */
  list: () => Promise<M[]>;
};

/** Keeps manifests in a directory, made if missing. */
export async function openManifests<M extends Manifest>(directory: string): Promise<Manifests<M>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => join(directory, `${id}.json`);
  return {
    write: async (manifest) => {
      await writeFile(`${pathOf(manifest.id)}.tmp`, JSON.stringify(manifest), { mode: 0o600 });
      await rename(`${pathOf(manifest.id)}.tmp`, pathOf(manifest.id));
    },
    remove: async (id) => {
      try {
        await unlink(pathOf(id));
      } catch (error) {
        if (!hasCode(error, "ENOENT")) throw error;
      }
    },
    list: async () => {
      const manifests: M[] = [];
      for (const name of await readdir(directory)) {
        if (!name.endsWith(".json")) continue;
        try {
          manifests.push(JSON.parse(await readFile(join(directory, name), "utf8")) as M);
        } catch (error) {
          // Its attempt ended, or another worker swept it, in between.
          if (!hasCode(error, "ENOENT")) throw error;
        }
      }
      return manifests;
    },
  };
}
