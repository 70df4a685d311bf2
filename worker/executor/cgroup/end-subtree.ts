import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { hasCode } from "../errors.ts";
import type { CgroupKind } from "../manifest.ts";
import { removeCgroup } from "./knobs.ts";
import { killV1 } from "./v1.ts";
import { killV2 } from "./v2.ts";

/** Ends everything in one cgroup, given its directories. */
export async function killCgroup(kind: CgroupKind, directories: string[]): Promise<void> {
  if (kind === "v2") for (const directory of directories) await killV2(directory);
  else if (kind === "v1") await killV1(directories);
}

/** Ends everything in one cgroup and removes it. */
export async function endCgroup(kind: CgroupKind, directories: string[]): Promise<void> {
  await killCgroup(kind, directories);
  for (const directory of directories) await removeCgroup(directory);
}

/** The cgroups right below a worker's subtree, each by its directories. */
export async function cgroupsBelow(directories: string[]): Promise<string[][]> {
  const names = new Set<string>();
  for (const directory of directories) {
    try {
      for (const entry of await readdir(directory, { withFileTypes: true })) if (entry.isDirectory()) names.add(entry.name);
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
    }
  }
  return [...names].map((name) => directories.map((directory) => join(directory, name)));
}
