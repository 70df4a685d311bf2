import type { TopGroup } from "../contracts/overview.ts";
import type { Outcome } from "../contracts/statuses.ts";
import { COUNTED_MAX } from "../contracts/units.ts";
import type { Db } from "../db/client.ts";
import { sql } from "../db/sql.ts";
import { GROUP_STATE } from "../runs/run-filter.ts";
import { titleOf } from "./title.ts";
import { latestOf } from "./where-to-count.ts";

type Row = {
  fingerprint: string;
  outcome: Outcome;
  exitCode: number | null;
  signal: string | null;
  line: string | null;
  count: number;
  arrived: number;
  lastSeenAt: Date;
  isOpen: boolean;
  arrivedInAll: number;
};

/**
 * The groups with the most dead letters that nobody has ignored or resolved, and how many died since a moment in all groups together.
 * What died since is counted from each group's own stretch of the index, and only up to COUNTED_MAX.
 */
export async function topGroups(db: Db, { since, limit }: { since: Date; limit: number }): Promise<{ groups: TopGroup[]; arrived: number }> {
  const rows = await db.$queryRaw<Row[]>`
    WITH counted AS MATERIALIZED (
      SELECT grouped.*, ${GROUP_STATE} = 'open' AS "isOpen", died.count, latest.finished_at AS last_seen_at, fresh.count AS arrived
      FROM (SELECT fingerprint, sum(count)::int AS count FROM dead_letter_count GROUP BY fingerprint HAVING sum(count) > 0) AS died
      JOIN dead_letter_group AS grouped USING (fingerprint)
      CROSS JOIN LATERAL (${latestOf(sql`grouped.fingerprint`)}) AS latest
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS count
        FROM (SELECT FROM run WHERE run.fingerprint = grouped.fingerprint AND finished_at >= ${since} LIMIT ${COUNTED_MAX}) AS matching
      ) AS fresh
    )
    SELECT fingerprint, outcome::text AS outcome, exit_code AS "exitCode", signal, line, count, arrived, last_seen_at AS "lastSeenAt",
      "isOpen", (SELECT sum(arrived)::int FROM counted) AS "arrivedInAll"
    FROM counted ORDER BY "isOpen" DESC, count DESC, last_seen_at DESC, fingerprint LIMIT ${limit}`;
  const groups = rows
    .filter(({ isOpen }) => isOpen)
    .map((row) => ({
      fingerprint: row.fingerprint,
      outcome: row.outcome,
      title: titleOf(row),
      count: row.count,
      arrived: row.arrived,
      lastSeenAt: row.lastSeenAt.toISOString(),
    }));
  return { groups, arrived: rows[0]?.arrivedInAll ?? 0 };
}
