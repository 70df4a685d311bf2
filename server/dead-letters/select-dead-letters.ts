import type { DeadLetterFilter, RetryDeadLetters } from "../contracts/dead-letters.ts";
import type { Sql } from "../db/sql.ts";
import { sql } from "../db/sql.ts";
import type { RunConditions } from "../runs/run-filter.ts";
import { whereOf } from "../runs/run-filter.ts";
import { isId } from "../runs/run-id.ts";

export type Selection = Pick<RetryDeadLetters, "ids" | "filter" | "excludeIds">;

/** A filter of dead letters as one of runs. */
export const asDead = (filter: DeadLetterFilter): RunConditions => ({ ...filter, status: ["dead"] });

/** The dead letters that a selection means: those named, or those that match and had died by `asOf`, less the excluded. */
export function whereSelected({ ids, filter, excludeIds }: Selection, asOf: Date): Sql {
  const excluded = (excludeIds ?? []).filter(isId);
  return whereOf(
    asDead(filter ?? {}),
    sql`run.finished_at <= ${asOf}`,
    ...(ids === undefined ? [] : [sql`run.id = ANY(${ids.filter(isId)}::uuid[])`]),
    ...(excluded.length === 0 ? [] : [sql`run.id <> ALL(${excluded}::uuid[])`]),
  );
}
