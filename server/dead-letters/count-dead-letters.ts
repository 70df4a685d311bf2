import type { ServiceContext } from "../context.ts";
import type { DeadLetterFilter } from "../contracts/dead-letters.ts";
import { readClock } from "../db/read-clock.ts";
import { whereDead } from "./select-dead-letters.ts";

/** How many dead letters match, and the moment of the count: a selection made from it leaves later arrivals out. */
export async function countDeadLetters(ctx: ServiceContext, filter: DeadLetterFilter): Promise<{ count: number; asOf: string }> {
  const asOf = await readClock(ctx.database.client);
  const count = await ctx.database.client.run.count({ where: whereDead(filter) });
  return { count, asOf: asOf.toISOString() };
}
