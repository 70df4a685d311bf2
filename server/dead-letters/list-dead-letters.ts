import type { ServiceContext } from "../context.ts";
import type { ListDeadLetters } from "../contracts/dead-letters.ts";
import { pageOfRuns } from "../runs/list-runs.ts";
import type { RunPage } from "../runs/list-runs.ts";
import { asDead } from "./select-dead-letters.ts";

/** A page of the runs that failed for good and wait for a person, newest first. */
export async function listDeadLetters(ctx: ServiceContext, { cursor, limit, ...filter }: ListDeadLetters): Promise<RunPage> {
  return pageOfRuns(ctx, asDead(filter), cursor, limit);
}
