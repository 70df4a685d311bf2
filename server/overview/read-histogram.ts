import type { ServiceContext } from "../context.ts";
import type { HistogramBar, HistogramRange } from "../contracts/overview.ts";
import { HISTOGRAM_SPANS } from "../contracts/overview.ts";
import { OPEN_STATUSES } from "../contracts/statuses.ts";
import { COUNTED_MAX } from "../contracts/units.ts";
import { readClock } from "../db/read-clock.ts";
import { sql } from "../db/sql.ts";
import { firstIdAt } from "../runs/run-filter.ts";

/**
 * The runs of a stretch of time by when they were created and how they ended, oldest first. An id tells its moment, so each count is a
 * stretch of the index on outcome and id, and none goes past COUNTED_MAX. What has no outcome yet is not in that index: it is found by its status.
 */
export async function readHistogram({ database: { client } }: ServiceContext, { range }: { range: HistogramRange }): Promise<{ bars: HistogramBar[] }> {
  const { bars, stepMs } = HISTOGRAM_SPANS[range];
  const now = (await readClock(client)).getTime();
  const end = (Math.floor(now / stepMs) + 1) * stepMs;
  const moments = Array.from({ length: bars + 1 }, (_, index) => end - (bars - index) * stepMs);
  const ids = moments.map(firstIdAt);
  const rows = await client.$queryRaw<{ bar: number; outcome: keyof HistogramBar["counts"]; count: number }[]>(sql`
    WITH span AS (
      SELECT bar::int, first_id, next_id FROM unnest(${ids.slice(0, -1)}::uuid[], ${ids.slice(1)}::uuid[]) WITH ORDINALITY AS span(first_id, next_id, bar)
    )
    SELECT bar, wanted.outcome::text AS outcome, counted.count
    FROM span CROSS JOIN unnest(enum_range(NULL::outcome)) AS wanted(outcome)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count
      FROM (SELECT FROM run WHERE run.outcome = wanted.outcome AND run.id >= first_id AND run.id < next_id LIMIT ${COUNTED_MAX}) AS matching
    ) AS counted
    WHERE counted.count > 0
    UNION ALL
    SELECT bar, 'open', counted.count
    FROM span CROSS JOIN LATERAL (
      SELECT count(*)::int AS count
      FROM (
        SELECT FROM run WHERE run.status = ANY(${[...OPEN_STATUSES]}::run_status[]) AND run.outcome IS NULL AND run.id >= first_id AND run.id < next_id
        LIMIT ${COUNTED_MAX}
      ) AS matching
    ) AS counted
    WHERE counted.count > 0`);
  const iso = (index: number) => new Date(moments[index] ?? end).toISOString();
  const histogram = Array.from({ length: bars }, (_, index): HistogramBar => ({ from: iso(index), to: iso(index + 1), counts: {} }));
  for (const { bar, outcome, count } of rows) {
    const found = histogram[bar - 1];
    if (found !== undefined) found.counts[outcome] = count;
  }
  return { bars: histogram };
}
