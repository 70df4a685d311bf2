import type { DeadLetterFilter } from "../contracts/dead-letters.ts";
import type { Db } from "../db/client.ts";
import type { Sql } from "../db/sql.ts";
import { joinSql, sql } from "../db/sql.ts";
import { conditionsOf, contentConditionOf, groupStands, pattern, whereOf } from "../runs/run-filter.ts";
import { isId } from "../runs/run-id.ts";
import { asDead } from "./select-dead-letters.ts";

/** Up to so many runs, of all there are, are looked up one by one sooner than all dead letters are gone through. */
const RARE = 2_000;
const FREQUENT = 100_000;

/**
 * The counts of dead letters that match, as the text after FROM (`dead_letter_count`), or null when a filter asks what is not counted: a
 * group's own count is the sum of its rows.
 */
export function countedWhere({ group, groupState, outcome, language, ...rest }: DeadLetterFilter): Sql | null {
  if (Object.values(rest).some((part) => part !== undefined)) return null;
  const conditions = [
    ...(group === undefined ? [] : [sql`fingerprint = ANY(${group})`]),
    ...(outcome === undefined ? [] : [sql`outcome::text = ANY(${outcome})`]),
    ...(language === undefined ? [] : [sql`language = ANY(${language})`]),
    ...(groupState === undefined ? [] : [groupStands(sql`dead_letter_count.fingerprint`, groupState)]),
  ];
  return sql`dead_letter_count WHERE ${conditions.length === 0 ? sql`TRUE` : joinSql(conditions, " AND ")}`;
}

/** The dead letters that match, to be counted one by one, as the text after WHERE. */
export async function whereToCount(db: Db, filter: DeadLetterFilter): Promise<Sql> {
  return (await indexedWhere(db, filter)) ?? scannedWhere(filter);
}

/** The same for any filter, by whatever index there is for what it asks. */
export const scannedWhere = (filter: DeadLetterFilter): Sql => whereOf(asDead(filter), sql`run.fingerprint IS NOT NULL`);

/**
 * The same where the index of dead letters holds all that is asked, which then is read alone (whatever has a fingerprint is a dead
 * letter); null where it does not, or what is asked of names and tags is so rare that their own indexes find it sooner.
 */
export async function indexedWhere(db: Db, filter: DeadLetterFilter): Promise<Sql | null> {
  const { tag = [], q = "", ...indexed } = filter;
  const text = q.trim();
  if (indexed.from !== undefined || indexed.to !== undefined || isId(text) || (await isRare(db, filter))) return null;
  const tags = tag.map((one) => sql`${one} = ANY(run.tags)`);
  // As ILIKE, which would make the pattern's letters small once a row.
  const name = text === "" ? [] : [sql`lower(run.name) LIKE lower(${pattern(text)})`];
  return joinSql([sql`run.fingerprint IS NOT NULL`, ...conditionsOf(indexed), ...tags, ...name], " AND ");
}

/** When the latest of a group's dead letters that match died: it is the last entry of the group's stretch of their index. */
export const latestOf = (fingerprint: Sql, where: Sql = sql`TRUE`): Sql =>
  sql`SELECT finished_at FROM run WHERE run.fingerprint = ${fingerprint} AND ${where} AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1`;

async function isRare(db: Db, filter: DeadLetterFilter): Promise<boolean> {
  const content = contentConditionOf(filter);
  if (content === null) return false;
  const found = sql`SELECT FROM run_content WHERE ${content}`;
  // What the planner takes for frequent is so; to find the first few of it would read the index's list of all of it.
  const [estimated] = await db.$queryRaw<{ "QUERY PLAN": { Plan: { "Plan Rows": number } }[] }[]>(sql`EXPLAIN (FORMAT JSON) ${found}`);
  if ((estimated?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0) > FREQUENT) return false;
  const [counted] = await db.$queryRaw<{ count: number }[]>(sql`SELECT count(*)::int AS count FROM (${found} LIMIT ${RARE + 1}) AS found`);
  return (counted?.count ?? 0) <= RARE;
}
