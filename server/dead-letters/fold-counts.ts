import type { Database } from "../db/client.ts";

/** Below so many rows beyond one a group a sum costs nothing, and nothing is folded. */
const FEW = 1_000;
const MOST = 50_000;

/**
 * Puts rows that count the same together, in one statement: whoever reads meanwhile sees them before or after, and the same sum either
 * way. Any number of callers may fold at once; none waits for a row that is just being written.
 */
export async function foldCounts({ client }: Pick<Database, "client">): Promise<void> {
  await client.$executeRaw`
    WITH many AS (
      SELECT count(*) > ${FEW} + 4 * (SELECT count(*) FROM dead_letter_group) AS "are" FROM dead_letter_count
    ), gone AS (
      DELETE FROM dead_letter_count WHERE (SELECT "are" FROM many)
        AND id IN (SELECT id FROM dead_letter_count ORDER BY id LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
      RETURNING fingerprint, outcome, language, count
    )
    INSERT INTO dead_letter_count (fingerprint, outcome, language, count)
    SELECT fingerprint, outcome, language, sum(count) FROM gone GROUP BY fingerprint, outcome, language HAVING sum(count) <> 0`;
}
