import type { SettingsValues } from "#server/contracts/settings.ts";
import type { Database } from "#server/db/client.ts";
import { countExpiring } from "#server/dead-letters/count-expiring.ts";
import { log } from "#server/log.ts";
import { purge } from "#server/retention/purge.ts";

const EVERY_MS = 3_600_000;
/** Not while everything starts. */
const FIRST_MS = 60_000;

/** Removes what the settings no longer keep, about once an hour. */
export function startRetention(database: Database, settings: () => SettingsValues): { stop: () => void } {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const run = async () => {
    try {
      const { count, withinDays } = await countExpiring({ database });
      if (count > 0)
        log.warn({ count, withinDays }, "dead letters will be removed soon, because their retention ends; retry or discard them, or keep them longer");
      const purged = await purge(database, settings().retention, new Date());
      if (Object.values(purged).some((count) => count > 0)) log.info(purged, "what was kept long enough was removed");
    } catch (error) {
      log.debug({ err: error }, "nothing could be removed; the next hour tries again");
    }
    if (!stopped) timer = setTimeout(() => void run(), EVERY_MS).unref();
  };
  timer = setTimeout(() => void run(), FIRST_MS).unref();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
