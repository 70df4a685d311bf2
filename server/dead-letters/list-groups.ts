import type { ServiceContext } from "../context.ts";
import type { DeadLetterGroup, GroupState, ListGroups } from "../contracts/dead-letters.ts";
import { GROUP_HOURS } from "../contracts/dead-letters.ts";
import type { Db } from "../db/client.ts";
import { readClock } from "../db/read-clock.ts";
import type { Sql } from "../db/sql.ts";
import { sql } from "../db/sql.ts";
import type { DeadLetterGroup as GroupRow } from "../db/generated/client.ts";
import { NotFoundError } from "../errors.ts";
import { GROUP_STATE } from "../runs/run-filter.ts";
import { titleOf } from "./title.ts";
import { countedWhere, indexedWhere, latestOf, scannedWhere } from "./where-to-count.ts";

type Counted = { count: number; lastSeenAt: Date };

/** A page of the groups that have dead letters which match, the latest first, counted now. */
export async function listGroups(
  ctx: ServiceContext,
  { state, cursor, limit, ...filter }: ListGroups,
): Promise<{ items: DeadLetterGroup[]; nextCursor: string | null }> {
  const { client } = ctx.database;
  const start = Number(cursor ?? 0);
  const [now, found] = await Promise.all([readClock(client), findGroups(client, filter, { state, start, count: limit + 1 })]);
  const page = found.slice(0, limit);
  const hourly = await countHourly(
    client,
    page.map(({ fingerprint }) => fingerprint),
  );
  return {
    items: page.map((group) => toGroup(group, group, hourly.get(group.fingerprint) ?? [], now)),
    nextCursor: found.length > limit ? String(start + limit) : null,
  };
}

/** A group whose last dead letter was retried or discarded. @throws NotFoundError */
export async function emptyGroup({ database: { client } }: ServiceContext, fingerprint: string): Promise<DeadLetterGroup> {
  const row = await client.deadLetterGroup.findUnique({ where: { fingerprint } });
  if (row === null) throw new NotFoundError("group", fingerprint);
  const hourly = Array.from({ length: GROUP_HOURS }, () => 0);
  return toGroup(row, { count: 0, lastSeenAt: row.firstSeenAt }, hourly, await readClock(client));
}

/** What a person said of it, while it holds. */
function stateOf({ state, ignoredUntil }: Pick<GroupRow, "state" | "ignoredUntil">, now: Date): GroupState {
  return state === "ignored" && ignoredUntil !== null && ignoredUntil <= now ? "open" : state;
}

type Page = { state: GroupState[] | undefined; start: number; count: number };
type Filter = Omit<ListGroups, "state" | "cursor" | "limit">;

async function findGroups(db: Db, filter: Filter, { state, start, count }: Page): Promise<(GroupRow & Counted)[]> {
  const matching = await matchingGroups(db, filter);
  return db.$queryRaw<(GroupRow & Counted)[]>(sql`
    WITH page AS MATERIALIZED (
      SELECT grouped.*, matching.last_seen_at, matching.counted
      FROM dead_letter_group AS grouped ${matching.join}
      WHERE ${state === undefined ? sql`TRUE` : sql`${GROUP_STATE} = ANY(${state})`}
      ORDER BY last_seen_at DESC, fingerprint LIMIT ${count} OFFSET ${start}
    )
    SELECT fingerprint, outcome::text AS outcome, exit_code AS "exitCode", signal, script, line, state::text AS state,
      ignored_until AS "ignoredUntil", first_seen_at AS "firstSeenAt", changed_at AS "changedAt", changed_by AS "changedBy",
      reopened_at AS "reopenedAt", last_seen_at AS "lastSeenAt", ${matching.count} AS count
    FROM page ORDER BY last_seen_at DESC, fingerprint`);
}

/** How groups are found that have matching dead letters, and how those of a page are counted: whatever reads least. */
async function matchingGroups(db: Db, filter: Filter): Promise<{ join: Sql; count: Sql }> {
  const counts = countedWhere(filter);
  if (counts !== null) {
    const join = sql`
      JOIN (SELECT fingerprint, sum(count)::int AS counted FROM ${counts} GROUP BY fingerprint HAVING sum(count) > 0) AS counts USING (fingerprint)
      CROSS JOIN LATERAL (SELECT counts.counted, (${latestOf(sql`counts.fingerprint`)}) AS last_seen_at) AS matching`;
    return { join, count: sql`counted` };
  }
  const indexed = await indexedWhere(db, filter);
  if (indexed !== null) {
    // Of each group the latest, which is soon met; counted are those of the page alone.
    return {
      join: sql`CROSS JOIN LATERAL (SELECT NULL::int AS counted, finished_at AS last_seen_at FROM (${latestOf(sql`grouped.fingerprint`, indexed)}) AS latest) AS matching`,
      count: sql`(SELECT count(*)::int FROM run WHERE run.fingerprint = page.fingerprint AND run.finished_at IS NOT NULL AND ${indexed})`,
    };
  }
  const join = sql`
    JOIN (
      SELECT run.fingerprint, count(*)::int AS counted, max(finished_at) AS last_seen_at FROM run
      WHERE ${scannedWhere(filter)} AND run.finished_at IS NOT NULL GROUP BY run.fingerprint
    ) AS matching USING (fingerprint)`;
  return { join, count: sql`counted` };
}

async function countHourly(db: Db, fingerprints: string[]): Promise<Map<string, number[]>> {
  const rows = await db.$queryRaw<{ fingerprint: string; hour: number; count: number }[]>`
    SELECT fingerprint, floor(extract(epoch FROM now() - finished_at) / 3600)::int AS hour, count(*)::int AS count
    FROM run
    WHERE fingerprint = ANY(${fingerprints}) AND finished_at > now() - make_interval(hours => ${GROUP_HOURS}) AND finished_at <= now()
    GROUP BY 1, 2`;
  const byFingerprint = new Map(fingerprints.map((fingerprint) => [fingerprint, Array.from({ length: GROUP_HOURS }, () => 0)]));
  for (const { fingerprint, hour, count } of rows) byFingerprint.get(fingerprint)?.splice(GROUP_HOURS - 1 - hour, 1, count);
  return byFingerprint;
}

function toGroup(row: GroupRow, { count, lastSeenAt }: Pick<Counted, "count" | "lastSeenAt">, hourly: number[], now: Date): DeadLetterGroup {
  const { fingerprint, outcome, exitCode, signal, script, line } = row;
  const state = stateOf(row, now);
  return {
    fingerprint,
    outcome,
    title: titleOf(row),
    count,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    scripts: [script],
    why: { exitCode, signal, script, line },
    hourly,
    state,
    ignoredUntil: state === "ignored" ? (row.ignoredUntil?.toISOString() ?? null) : null,
    reopenedAt: row.reopenedAt?.toISOString() ?? null,
    changedBy: row.changedBy,
    changedAt: row.changedAt?.toISOString() ?? null,
  };
}
