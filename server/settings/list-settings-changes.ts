import type { ServiceContext } from "../context.ts";
import type { SettingsChange } from "../contracts/settings.ts";

const SHOWN = 50;

/** Every leaf of a JSON value by its dotted path; a list counts as one leaf. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}

/** What changed between two versions of the settings, leaf by leaf. */
export function differences(before: unknown, after: unknown): SettingsChange["changes"] {
  const old = new Map(leaves(before));
  const fresh = new Map(leaves(after));
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((path) => JSON.stringify(old.get(path)) !== JSON.stringify(fresh.get(path)))
    .map((path) => ({ path, before: old.get(path), after: fresh.get(path) }));
}

/** The audit trail of the settings, newest first, at most 50 changes. */
export async function listSettingsChanges(ctx: ServiceContext): Promise<{ items: SettingsChange[] }> {
  const versions = await ctx.database.client.settingsVersion.findMany({ orderBy: { version: "desc" }, take: SHOWN + 1 });
  const items = versions.flatMap((version, index): SettingsChange[] => {
    const previous = versions[index + 1];
    if (previous === undefined) return [];
    return [
      {
        version: version.version,
        at: version.createdAt.toISOString(),
        by: version.createdBy,
        changes: differences(previous.values, version.values),
      },
    ];
  });
  return { items };
}
