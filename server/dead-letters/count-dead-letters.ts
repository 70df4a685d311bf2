import type { ServiceContext } from "../context.ts";
import type { DeadLetterFilter } from "../contracts/dead-letters.ts";
import { readClock } from "../db/read-clock.ts";
import { sql } from "../db/sql.ts";
import { countedWhere, whereToCount } from "./where-to-count.ts";

/** How many dead letters match, and the moment of the count: a selection made from it leaves later arrivals out. */
export async function countDeadLetters(ctx: ServiceContext, filter: DeadLetterFilter): Promise<{ count: number; asOf: string }> {
  const asOf = await readClock(ctx.database.client);
  const counts = countedWhere(filter);
  const [counted] = await ctx.database.client.$queryRaw<{ count: number }[]>(
    counts === null
      ? sql`SELECT count(*)::int AS count FROM run WHERE ${await whereToCount(ctx.database.client, filter)}`
      : sql`SELECT coalesce(sum(count), 0)::int AS count FROM ${counts}`,
  );
  return { count: counted?.count ?? 0, asOf: asOf.toISOString() };
}
