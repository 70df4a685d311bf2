import type { ServiceContext } from "../context.ts";
import { LANGUAGES } from "../contracts/languages.ts";
import type { RunFilter } from "../contracts/runs.ts";
import type { Outcome, RunStatus } from "../contracts/statuses.ts";
import { OUTCOMES, RUN_STATUSES } from "../contracts/statuses.ts";
import { COUNTED_MAX } from "../contracts/units.ts";
import type { Db } from "../db/client.ts";
import type { Sql } from "../db/sql.ts";
import { joinSql, rawSql, sql } from "../db/sql.ts";
import { findRunIds } from "./find-run-ids.ts";
import { conditionsOf, contentConditionOf, whereOf } from "./run-filter.ts";
import type { RunConditions } from "./run-filter.ts";

type Facet = "status" | "outcome" | "language";

export type RunCounts = {
  status: Record<RunStatus, number>;
  outcome: Partial<Record<Outcome, number>>;
  language: Record<string, number>;
  /** False: some of those that match were counted; of each there may be more. */
  complete: Record<Facet, boolean>;
};

/** Of runs that a filter leaves, so many are counted; of those that a word or a tag finds, which are dearer, fewer. */
const SAMPLE = 2_000;
const FOUND_SAMPLE = 500;

/**
 * How the runs that match divide. Each division leaves its own part of the filter out, so that a chip shows what choosing it
 * would bring. Nothing is counted to its end, so that ten million runs cost no more than ten thousand.
 */
export async function countRuns(ctx: ServiceContext, filter: RunFilter): Promise<RunCounts> {
  return countFacets(ctx.database.client, filter);
}

/** The same under the conditions that dead letters have besides. */
export async function countFacets(db: Db, filter: RunConditions): Promise<RunCounts> {
  // Where no division has a part of its own in the filter, all three are of the same runs.
  const found = new Map<string, Promise<string[]>>();
  const find = (rest: RunConditions) => {
    const key = JSON.stringify(rest);
    const ids = found.get(key) ?? findRunIds(db, rest, { limit: FOUND_SAMPLE + 1 });
    found.set(key, ids);
    return ids;
  };
  const count = (facet: Facet, values: readonly string[]) => {
    const rest = { ...filter, [facet]: undefined };
    if (contentConditionOf(rest) !== null) return countFound(db, find(rest), facet);
    return conditionsOf(rest).length === 0 ? countEach(db, facet, values) : countSome(db, rest, facet);
  };
  const [status, outcome, language] = await Promise.all([count("status", RUN_STATUSES), count("outcome", OUTCOMES), count("language", await languagesOf(db))]);
  const all = Object.fromEntries(RUN_STATUSES.map((one) => [one, status.counts[one] ?? 0])) as Record<RunStatus, number>;
  return {
    status: all,
    outcome: outcome.counts,
    language: language.counts,
    complete: { status: status.complete, outcome: outcome.complete, language: language.complete },
  };
}

type Counted = { counts: Record<string, number>; complete: boolean };
const CASTS: Record<Facet, string> = { status: "run_status", outcome: "outcome", language: "text" };

/** Of all runs each value by its own index, one statement for all. */
async function countEach(db: Db, facet: Facet, values: readonly string[]): Promise<Counted> {
  const counts = values.map(
    (value, index) => sql`
      (SELECT count(*)::int FROM (
        SELECT FROM run WHERE run.${rawSql(facet)} = ${value}::${rawSql(CASTS[facet])} LIMIT ${COUNTED_MAX}
      ) AS matching) AS ${rawSql(`c${index}`)}`,
  );
  const [row] = await db.$queryRaw<Record<string, number>[]>(sql`SELECT ${joinSql(counts)}`);
  return {
    counts: Object.fromEntries(values.map((value, index): [string, number] => [value, row?.[`c${index}`] ?? 0]).filter(([, count]) => count > 0)),
    complete: true,
  };
}

/** Among some of those that match, whichever are read first. */
const countSome = (db: Db, filter: RunConditions, facet: Facet): Promise<Counted> =>
  divide(db, facet, SAMPLE, sql`SELECT ${rawSql(facet)} FROM run WHERE ${whereOf(filter)} LIMIT ${SAMPLE + 1}`);

/** Among the newest that a word or a tag finds. */
async function countFound(db: Db, ids: Promise<string[]>, facet: Facet): Promise<Counted> {
  return divide(db, facet, FOUND_SAMPLE, sql`SELECT ${rawSql(facet)} FROM run WHERE id = ANY(${await ids}::uuid[])`);
}

async function divide(db: Db, facet: Facet, most: number, runs: Sql): Promise<Counted> {
  const rows = await db.$queryRaw<{ value: string | null; count: number }[]>(
    sql`SELECT ${rawSql(facet)}::text AS value, count(*)::int AS count FROM (${runs}) AS matching GROUP BY 1`,
  );
  return {
    counts: Object.fromEntries(rows.flatMap(({ value, count }) => (value === null ? [] : [[value, count]]))),
    complete: rows.reduce((sum, { count }) => sum + count, 0) <= most,
  };
}

/** Those Corral knows, and any other that a run was in: read from one entry of the index to the next. */
async function languagesOf(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ language: string }[]>`
    WITH RECURSIVE next AS (
      (SELECT language FROM run ORDER BY language LIMIT 1)
      UNION ALL
      SELECT (SELECT run.language FROM run WHERE run.language > next.language ORDER BY run.language LIMIT 1) FROM next WHERE next.language IS NOT NULL
    )
    SELECT language FROM next WHERE language IS NOT NULL`;
  return [...new Set([...LANGUAGES.map(({ id }): string => id), ...rows.map(({ language }) => language)])];
}
