import type { ServiceContext } from "../context.ts";
import type { ListRuns, RunSummary } from "../contracts/runs.ts";
import { InvalidInputError } from "../errors.ts";
import { findRunIds } from "./find-run-ids.ts";
import type { RunConditions } from "./run-filter.ts";
import { isId } from "./run-id.ts";
import { summarizeRuns } from "./summarize-runs.ts";

export type RunPage = { items: RunSummary[]; nextCursor: string | null };

/** A page of runs, newest first. Ids rise with time (UUIDv7), so the id of the last row is the cursor. */
export async function listRuns(ctx: ServiceContext, { cursor, limit, ...filter }: ListRuns): Promise<RunPage> {
  return pageOfRuns(ctx, filter, cursor, limit);
}

/** A page of the runs that meet conditions, newest first. @throws InvalidInputError for a cursor that is none. */
export async function pageOfRuns(ctx: ServiceContext, filter: RunConditions, cursor: string | undefined, limit: number): Promise<RunPage> {
  if (cursor !== undefined && !isId(cursor)) {
    throw new InvalidInputError([{ path: "cursor", message: "must be the nextCursor of an earlier page." }]);
  }
  const { client } = ctx.database;
  const ids = await findRunIds(client, filter, { before: cursor, limit: limit + 1 });
  const items = await summarizeRuns(client, ids.slice(0, limit));
  return { items, nextCursor: ids.length > limit ? (ids[limit - 1] ?? null) : null };
}
