import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import { foldCounts } from "#server/dead-letters/fold-counts.ts";
import { foldTally } from "#server/tally/fold-tally.ts";

const EVERY_MS = 15_000;

/** Keeps what is counted short, so that its sum costs nothing however much happens. */
export function startTallyFolding(database: Database): { stop: () => void } {
  const timer = setInterval(() => {
    Promise.all([foldTally(database), foldCounts(database)]).catch((error: unknown) =>
      log.debug({ err: error }, "the tally could not be folded; the next time does it"),
    );
  }, EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
