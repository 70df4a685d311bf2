import type { ServiceContext } from "../context.ts";
import type { ListRuns, RunSummary } from "../contracts/runs.ts";
import type { Prisma } from "../db/generated/client.ts";
import { InvalidInputError } from "../errors.ts";
import { whereOf } from "./run-filter.ts";
import { isId } from "./run-id.ts";
import { toRunSummary } from "./to-run.ts";
import { fleetFor } from "./waiting-reason.ts";

export type RunPage = { items: RunSummary[]; nextCursor: string | null };

/** A page of runs, newest first. Ids rise with time (UUIDv7), so the id of the last row is the cursor. */
export async function listRuns(ctx: ServiceContext, { cursor, limit, ...filter }: ListRuns): Promise<RunPage> {
  return pageOfRuns(ctx, whereOf(filter), cursor, limit);
}

/** A page of the runs that meet a condition, newest first. @throws InvalidInputError for a cursor that is none. */
export async function pageOfRuns(ctx: ServiceContext, where: Prisma.RunWhereInput, cursor: string | undefined, limit: number): Promise<RunPage> {
  if (cursor !== undefined && !isId(cursor)) {
    throw new InvalidInputError([{ path: "cursor", message: "must be the nextCursor of an earlier page." }]);
  }
  const rows = await ctx.database.client.run.findMany({
    where: cursor === undefined ? where : { AND: [where, { id: { lt: cursor } }] },
    orderBy: { id: "desc" },
    take: limit + 1,
    include: { attempts: { orderBy: { number: "desc" }, take: 1 } },
  });
  const fleet = await fleetFor(ctx.database.client, rows);
  const items = rows.slice(0, limit).map((row) => toRunSummary(row, fleet));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
