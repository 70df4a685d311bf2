import type { DeadLetterFilter } from "../contracts/dead-letters.ts";
import type { Database } from "../db/client.ts";
import type { Sql } from "../db/sql.ts";
import { joinSql, sql } from "../db/sql.ts";
import { groupStands } from "../runs/run-filter.ts";

/** Below so many rows beyond one a group a sum costs nothing, and nothing is folded. */
const FEW = 1_000;
const MOST = 50_000;

/**
 * The counts of dead letters that match, as the text after FROM (`dead_letter_count`), or null when a filter asks what is not counted: a
 * group's own count is the sum of its rows.
 */
export function countedWhere({ group, groupState, outcome, ...rest }: DeadLetterFilter): Sql | null {
  if (Object.values(rest).some((part) => part !== undefined)) return null;
  const conditions = [
    ...(group === undefined ? [] : [sql`fingerprint = ANY(${group})`]),
    ...(outcome === undefined ? [] : [sql`outcome::text = ANY(${outcome})`]),
    ...(groupState === undefined ? [] : [groupStands(sql`dead_letter_count.fingerprint`, groupState)]),
  ];
  return sql`dead_letter_count WHERE ${conditions.length === 0 ? sql`TRUE` : joinSql(conditions, " AND ")}`;
}

/**
 * Puts rows that count the same together, in one statement: whoever reads meanwhile sees them before or after, and the same sum either
 * way. Any number of callers may fold at once; none waits for a row that is just being written.
 */
export async function foldCounts({ client }: Pick<Database, "client">): Promise<void> {
  await client.$executeRaw`
    WITH many AS (
      SELECT count(*) > ${FEW} + 2 * (SELECT count(*) FROM dead_letter_group) AS "are" FROM dead_letter_count
    ), gone AS (
      DELETE FROM dead_letter_count WHERE (SELECT "are" FROM many)
        AND id IN (SELECT id FROM dead_letter_count ORDER BY id LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
      RETURNING fingerprint, outcome, count
    )
    INSERT INTO dead_letter_count (fingerprint, outcome, count)
    SELECT fingerprint, outcome, sum(count) FROM gone GROUP BY fingerprint, outcome HAVING sum(count) <> 0`;
}
