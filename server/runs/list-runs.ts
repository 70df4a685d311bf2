import type { ServiceContext } from "../context.ts";
import type { ListRuns, RunSort, RunSummary } from "../contracts/runs.ts";
import { InvalidInputError } from "../errors.ts";
import { findRunIds } from "./find-run-ids.ts";
import type { RunConditions } from "./run-filter.ts";
import { isId } from "./run-id.ts";
import { summarizeRuns } from "./summarize-runs.ts";

export type RunPage = { items: RunSummary[]; nextCursor: string | null };

/** A page of runs, newest first unless asked otherwise. Ids rise with time (UUIDv7), so the id of the last row is the cursor. */
export async function listRuns(ctx: ServiceContext, { cursor, limit, sort, ...filter }: ListRuns): Promise<RunPage> {
  return pageOfRuns(ctx, filter, cursor, limit, sort);
}

/** A page of the runs that meet conditions. @throws InvalidInputError for a cursor that is none. */
export async function pageOfRuns(
  ctx: ServiceContext,
  filter: RunConditions,
  cursor: string | undefined,
  limit: number,
  sort: RunSort = "newest",
): Promise<RunPage> {
  if (cursor !== undefined && !isId(cursor)) {
    throw new InvalidInputError([{ path: "cursor", message: "must be the nextCursor of an earlier page." }]);
  }
  const ids = await findRunIds(ctx.database.client, filter, { past: cursor, limit: limit + 1, sort });
  const items = await summarizeRuns(ctx.database, ids.slice(0, limit));
  if (sort === "oldest") items.reverse();
  return { items, nextCursor: ids.length > limit ? (ids[limit - 1] ?? null) : null };
}
