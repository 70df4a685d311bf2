import { mkdir, readFile, readdir, rm, unlink } from "node:fs/promises";
import { join } from "node:path";

import { hasCode } from "./errors.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { writeWhole } from "./write-whole.ts";

/** How a cgroup is ended: `v2` by cgroup.kill; `v1` names one directory a controller. */
export type CgroupKind = "v2" | "v1" | "none";

/** `instance` is the worker's name; together with `id` it names the file. */
type Manifest = { id: string; instance: string; worker: ProcessIdentity };

/** What a successor needs to know of an attempt whose worker died: whose it was and what to remove. */
export type AttemptManifest = Manifest & { runId: string; attempt: number; cgroup: { kind: CgroupKind; directories: string[] } };

/** What is left of a worker itself that died: its subtree, with whatever is in it, and its scratch. */
export type WorkerManifest = Manifest & { cgroup: { kind: CgroupKind; directories: string[] }; scratch: string[] };

/** Manifests of one kind, a file each. */
export type Manifests<M extends Manifest> = {
  write: (manifest: M) => Promise<void>;
  /** Whether it was there: of several who remove it, exactly one removed it. */
  remove: (manifest: Pick<M, "id" | "instance">) => Promise<boolean>;
  /** Those of all workers that use the directory. */
  list: () => Promise<M[]>;
  /** Removes what a dead worker had only begun to write. */
  removeUnfinished: (instance: string) => Promise<void>;
};

/** Keeps manifests in a directory, made if missing. */
export async function openManifests<M extends Manifest>(directory: string): Promise<Manifests<M>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = ({ id, instance }: Pick<M, "id" | "instance">) => join(directory, `${instance}.${id}.json`);
  return {
    write: async (manifest) => {
      // Renamed into place: a sweep must never meet half a manifest.
      const path = pathOf(manifest);
      await writeWhole(path, JSON.stringify(manifest), `${path}.tmp`);
    },
    remove: async (manifest) => {
      try {
        await unlink(pathOf(manifest));
        return true;
      } catch (error) {
        if (hasCode(error, "ENOENT")) return false;
        throw error;
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
    removeUnfinished: async (instance) => {
      for (const name of await readdir(directory)) {
        if (name.startsWith(`${instance}.`) && name.endsWith(".tmp")) await rm(join(directory, name), { force: true });
      }
    },
  };
}
