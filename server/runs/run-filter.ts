import type { GroupState } from "../contracts/dead-letters.ts";
import type { RunFilter } from "../contracts/runs.ts";
import type { Sql } from "../db/sql.ts";
import { joinSql, sql, rawSql } from "../db/sql.ts";
import { isId } from "./run-id.ts";

/** What lists of runs can be narrowed by; the last three hold for dead letters. */
export type RunConditions = RunFilter & { group?: string[] | undefined; groupState?: GroupState[] | undefined; diedBefore?: string | undefined };

const one = (values: readonly string[], cast: string): Sql => {
  const all = values.map((value) => sql`${value}::${rawSql(cast)}`);
  // Of one value an index gives the rows in order; of a list it does not.
  return all.length === 1 ? sql`= ${all[0]}` : sql`IN (${joinSql(all)})`;
};

/** A filter as conditions on `run`, less those on what only its content has indexes for. SQL, because plans depend on its form. */
export function conditionsOf({ status, outcome, language, q, from, to, group, groupState, diedBefore }: RunConditions): Sql[] {
  const id = q?.trim() ?? "";
  return [
    ...(status === undefined ? [] : [sql`run.status ${one(status, "run_status")}`]),
    ...(outcome === undefined ? [] : [sql`run.outcome ${one(outcome, "outcome")}`]),
    ...(language === undefined ? [] : [sql`run.language ${one(language, "text")}`]),
    ...(group === undefined ? [] : [sql`run.fingerprint ${one(group, "text")}`]),
    ...(groupState === undefined ? [] : [groupStands(sql`run.fingerprint`, groupState)]),
    ...(from === undefined ? [] : [sql`run.created_at >= ${new Date(from)} AND run.id >= ${firstIdAt(Date.parse(from) - CLOCKS_DIFFER_MS)}::uuid`]),
    ...(to === undefined ? [] : [sql`run.created_at < ${new Date(to)} AND run.id < ${firstIdAt(Date.parse(to) + CLOCKS_DIFFER_MS)}::uuid`]),
    ...(diedBefore === undefined ? [] : [sql`run.finished_at < ${new Date(diedBefore)}`]),
    ...(isId(id) ? [sql`run.id = ${id}::uuid`] : []),
  ];
}

/** How `grouped`, a row of dead_letter_group, stands now: an ignored group is open again when its time is over. */
export const GROUP_STATE = sql`CASE WHEN grouped.state = 'ignored' AND grouped.ignored_until <= now() THEN 'open' ELSE grouped.state::text END`;

/** Whether the group that a column names stands so; a dead letter that is in none is open. */
export function groupStands(fingerprint: Sql, states: readonly GroupState[]): Sql {
  const of = sql`SELECT FROM dead_letter_group AS grouped WHERE grouped.fingerprint = ${fingerprint}`;
  return states.includes("open")
    ? sql`NOT EXISTS (${of} AND ${GROUP_STATE} <> ALL(${[...states]}::text[]))`
    : sql`EXISTS (${of} AND ${GROUP_STATE} = ANY(${[...states]}::text[]))`;
}

/** The rest of a filter, as conditions on `run_content`; null when there is none. */
export function contentConditionOf({ tag, q }: RunConditions): Sql | null {
  const text = q?.trim() ?? "";
  const conditions = [...(tag === undefined ? [] : [sql`tags @> ${tag}::text[]`]), ...(text === "" || isId(text) ? [] : [nameHas(text)])];
  return conditions.length === 0 ? null : joinSql(conditions, " AND ");
}

/** For LIKE: whatever has this text in it. */
export const pattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;

/** Of several words only the most telling is asked of the index, which else meets the lists of all: twenty times quicker. */
function nameHas(text: string): Sql {
  // Of less than three letters the index knows nothing.
  const words = text.split(/\s+/).filter((word) => word.length >= 3);
  if (words.length === 0 || words[0] === text) return sql`name ILIKE ${pattern(text)}`;
  const weight = (word: string) => word.length + (/\d/.test(word) ? 100 : 0);
  const telling = words.reduce((best, word) => (weight(word) > weight(best) ? word : best));
  return sql`name ILIKE ${pattern(telling)} AND (name || '') ILIKE ${pattern(text)}`;
}

/** Both, as the text after WHERE. */
export function whereOf(filter: RunConditions, ...more: Sql[]): Sql {
  const content = contentConditionOf(filter);
  const found = content === null ? [] : [sql`run.id IN (SELECT run_id FROM run_content WHERE ${content})`];
  const all = [...conditionsOf(filter), ...found, ...more];
  return all.length === 0 ? sql`TRUE` : joinSql(all, " AND ");
}

/** An id holds its moment of birth by the clock of whoever submitted; by so much it may differ from the database's. */
export const CLOCKS_DIFFER_MS = 3_600_000;

/** The smallest id (UUIDv7, RFC 9562 §5.7) that can be made at a moment, milliseconds since 1970. */
export function firstIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0").slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
