import type { Database } from "../db/client.ts";

/** Below so many rows a sum costs nothing, and nothing is folded. */
const FEW = 1_000;
const MOST = 50_000;

/**
 * Puts rows that count the same together, in one statement: whoever reads meanwhile sees them before or after, and the same sum either way.
 * Any number of callers may fold at once; none waits for a row that is just being written.
 */
export async function foldTally({ client }: Pick<Database, "client">): Promise<void> {
  await client.$executeRaw`
    WITH many AS (SELECT count(*) > ${FEW} AS "are" FROM (SELECT FROM tally LIMIT ${FEW + 1}) AS counted),
    gone AS (
      DELETE FROM tally WHERE (SELECT "are" FROM many) AND id IN (SELECT id FROM tally ORDER BY id LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
      RETURNING kind, lane, label, count, ms
    )
    INSERT INTO tally (kind, lane, label, count, ms) SELECT kind, lane, label, sum(count), sum(ms) FROM gone GROUP BY kind, lane, label`;
}
