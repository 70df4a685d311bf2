import { differences } from "../audit/differences.ts";
import type { ServiceContext } from "../context.ts";
import type { SettingsChange } from "../contracts/settings.ts";

const SHOWN = 50;

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
