import type { ServiceContext } from "../context.ts";
import { readClock } from "../db/read-clock.ts";
import { readSettings } from "../settings/read-settings.ts";

const DAY_MS = 24 * 3_600_000;
/** So long before dead letters are removed people are told. */
const WARNED_DAYS = 7;

/** Dead letters that their retention removes soon; `diedBefore` selects them. */
export type Expiring = { count: number; withinDays: number; diedBefore: string };

/** Counts the dead letters that are removed within a week (or within half their retention, when that is shorter). */
export async function countExpiring({ database: { client } }: Pick<ServiceContext, "database">): Promise<Expiring> {
  const { deadLettersDays } = (await readSettings(client)).values.retention;
  const withinDays = Math.min(WARNED_DAYS, Math.ceil(deadLettersDays / 2));
  const diedBefore = new Date((await readClock(client)).getTime() - (deadLettersDays - withinDays) * DAY_MS);
  const count = await client.run.count({ where: { status: "dead", finishedAt: { lt: diedBefore } } });
  return { count, withinDays, diedBefore: diedBefore.toISOString() };
}
