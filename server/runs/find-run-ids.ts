import type { RunSort } from "../contracts/runs.ts";
import type { Db } from "../db/client.ts";
import type { Sql } from "../db/sql.ts";
import { joinSql, rawSql, sql } from "../db/sql.ts";
import { conditionsOf, contentConditionOf, whereOf } from "./run-filter.ts";
import type { RunConditions } from "./run-filter.ts";

/** The newest runs are looked through so far before the whole index of names and tags is asked. */
const WINDOW = 5_000;
/** And so far when enough was found there. */
const WINDOW_MAX = 50_000;
/** The index of tags hands out all that carry one, at some 500,000 a second: of more than so many it is not asked. */
const FROM_INDEX_MAX = 100_000;

const DIRECTIONS = {
  newest: { order: rawSql("DESC"), further: rawSql("<"), upTo: rawSql(">=") },
  oldest: { order: rawSql("ASC"), further: rawSql(">"), upTo: rawSql("<=") },
} as const satisfies Record<RunSort, Record<string, Sql>>;

/**
 * The ids of the newest runs that match, at most `limit`.
 *
 * The planner can't tell a frequent word from a rare one, and not at all where it was frequent. Walking back from the newest is quick
 * for one that is frequent now, and endless for others; asking the index is the other way round. So the walk is tried first, and only
 * so far; then the index. (bench/ten-million measures this.)
 * Oldest first it is the same from the other end.
 * @param past only what comes after this id in the order asked for
 */
export async function findRunIds(
  db: Db,
  filter: RunConditions,
  { past, limit, sort = "newest" }: { past?: string | undefined; limit: number; sort?: RunSort | undefined },
): Promise<string[]> {
  const { order, further, upTo } = DIRECTIONS[sort];
  const beyond = past === undefined ? [] : [sql`run.id ${further} ${past}::uuid`];
  const walk = (...more: Sql[]) => readIds(db, sql`SELECT id FROM run WHERE ${whereOf(filter, ...beyond, ...more)} ORDER BY id ${order} LIMIT ${limit}`);
  const content = contentConditionOf(filter);
  if (content === null) return walk();

  const edgeOf = (window: number) => readIds(db, sql`SELECT id FROM run WHERE ${whereOf({}, ...beyond)} ORDER BY id ${order} OFFSET ${window} LIMIT 1`);
  const [edge] = await edgeOf(WINDOW);
  if (edge === undefined) return walk();
  const near = await walk(sql`run.id ${upTo} ${edge}::uuid`);
  if (near.length === limit) return near;
  // Frequent enough that walking on ends soon.
  const reach = Math.ceil((WINDOW * limit * 1.5) / near.length);
  if (reach <= WINDOW_MAX) {
    const [farEdge] = await edgeOf(reach);
    const found = await walk(...(farEdge === undefined ? [] : [sql`run.id ${upTo} ${farEdge}::uuid`]));
    if (found.length === limit || farEdge === undefined) return found;
  }

  const conditions = conditionsOf(filter);
  // Other conditions may leave few, of which the planner knows; then each of those few is asked for its tags.
  if (conditions.length > 0 && (filter.tag === undefined || (await estimateTagged(db, filter.tag)) > FROM_INDEX_MAX)) return walk();
  const matching = joinSql([sql`run.id = found.run_id`, ...conditions], " AND ");
  // Neither subquery can be merged into the other: a join that the planner chose freely would read the whole key of `run`.
  const far = await readIds(
    db,
    sql`
      WITH found AS MATERIALIZED (SELECT run_id FROM run_content WHERE ${content})
      SELECT run.id FROM (SELECT run_id FROM found WHERE run_id ${further} ${edge}::uuid ORDER BY run_id ${order}) AS found
      CROSS JOIN LATERAL (SELECT id FROM run WHERE ${matching} OFFSET 0) AS run
      LIMIT ${limit - near.length}`,
  );
  return [...near, ...far];
}

/** About how many runs carry all of these tags, by PostgreSQL's statistics; 0 for one that is too rare to be in them. */
async function estimateTagged(db: Db, tags: string[]): Promise<number> {
  const [estimate] = await db.$queryRaw<{ count: number }[]>`
    SELECT (max(pg_class.reltuples) * min(coalesce(known.frequency, 0)))::float AS count
    FROM pg_class, unnest(${tags}::text[]) AS wanted(tag)
    LEFT JOIN LATERAL (
      SELECT common.frequency FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(tag, frequency)
      WHERE schemaname = current_schema() AND tablename = 'run_content' AND attname = 'tags' AND common.tag = wanted.tag
    ) AS known ON TRUE
    WHERE pg_class.oid = 'run_content'::regclass`;
  return estimate?.count ?? 0;
}

const readIds = async (db: Db, query: Sql): Promise<string[]> => (await db.$queryRaw<{ id: string }[]>(query)).map(({ id }) => id);
