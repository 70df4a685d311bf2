import type { Settings, SettingsValues } from "#server/contracts/settings.ts";

import { draftOfSettings, readSettings } from "./settings-draft.ts";
import type { SettingsDraft } from "./settings-draft.ts";
import { changedLeaves, leaves, same } from "./settings-leaves.ts";

/** Only what a form holds: a version, its date and its author are no settings. */
function valuesOf({ limits, retry, execute, termination, network, retention }: SettingsValues): SettingsValues {
  return { limits, retry, execute, termination, network, retention };
}

/** What another changed meanwhile. `mine`: the reader set the same one too, to something else. */
export type TheirChange = { path: string; before: unknown; after: unknown; mine?: unknown };

/** What was changed between the settings a form was made of and those in force now, with what the form says of the same. */
export function theirChanges(draft: SettingsDraft, base: Settings, now: Settings): TheirChange[] {
  const mine = new Map(leaves(readSettings(draft, now.ceilings, base).values));
  const old = new Map(leaves(valuesOf(base)));
  return changedLeaves(valuesOf(base), valuesOf(now)).map((change) => {
    const value = mine.get(change.path);
    return same(value, old.get(change.path)) || same(value, change.after) ? change : { ...change, mine: value };
  });
}

/** A form's own changes on top of the settings in force now: where both changed the same, the form's stands. */
export function onTopOf(draft: SettingsDraft, base: Settings, now: Settings): SettingsDraft {
  const { values, problems } = readSettings(draft, now.ceilings, base);
  // By meaning where it can be read: `1024M` for `1 GiB` is no change.
  const mine = Object.keys(problems).length === 0 ? draftOfSettings(values) : draft;
  return merged(mine, draftOfSettings(base), draftOfSettings(now)) as SettingsDraft;
}

function merged(mine: unknown, base: unknown, theirs: unknown): unknown {
  if (typeof mine !== "object" || mine === null || Array.isArray(mine)) return same(mine, base) ? theirs : mine;
  const [old, fresh] = [base as Record<string, unknown>, theirs as Record<string, unknown>];
  return Object.fromEntries(Object.entries(mine).map(([key, value]) => [key, merged(value, old[key], fresh[key])]));
}
