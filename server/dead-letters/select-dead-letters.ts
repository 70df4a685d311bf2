import type { DeadLetterFilter, Selection } from "../contracts/dead-letters.ts";
import type { Sql } from "../db/sql.ts";
import { sql } from "../db/sql.ts";
import type { RunConditions } from "../runs/run-filter.ts";
import { whereOf } from "../runs/run-filter.ts";
import { isId } from "../runs/run-id.ts";

/** A filter of dead letters as one of runs. */
export const asDead = (filter: DeadLetterFilter): RunConditions => ({ ...filter, status: ["dead"] });

/** The moment that a selection holds for: what it says, but never one that has not come. */
export const momentOf = ({ asOf }: Pick<Selection, "asOf">, now: Date): Date =>
  asOf === undefined ? now : new Date(Math.min(Date.parse(asOf), now.getTime()));

/**
 * The dead letters that a selection means: those named, or those that match, less the excluded, and those that are named
 * besides; all that had died by `asOf`.
 */
export function whereSelected({ ids, filter, excludeIds, excludeGroups = [], includeIds }: Selection, asOf: Date): Sql {
  const died = sql`run.finished_at <= ${asOf}`;
  const named = (list: string[]) => whereOf(asDead({}), died, sql`run.id = ANY(${list.filter(isId)}::uuid[])`);
  if (ids !== undefined) return named(ids);
  const excluded = (excludeIds ?? []).filter(isId);
  const matching = whereOf(
    asDead(filter ?? {}),
    died,
    ...(excluded.length === 0 ? [] : [sql`run.id <> ALL(${excluded}::uuid[])`]),
    ...(excludeGroups.length === 0 ? [] : [sql`coalesce(run.fingerprint, '') <> ALL(${excludeGroups}::text[])`]),
  );
  if (includeIds === undefined || includeIds.length === 0) return matching;
  // Each part by its own index: what is joined by OR would be read from the table as a whole.
  return sql`run.id IN (SELECT run.id FROM run WHERE ${matching} UNION SELECT run.id FROM run WHERE ${named(includeIds)})`;
}
