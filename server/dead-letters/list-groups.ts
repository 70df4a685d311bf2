import type { ServiceContext } from "../context.ts";
import type { DeadLetterGroup, GroupState, ListGroups } from "../contracts/dead-letters.ts";
import { GROUP_HOURS } from "../contracts/dead-letters.ts";
import type { Db } from "../db/client.ts";
import { readClock } from "../db/read-clock.ts";
import { sql } from "../db/sql.ts";
import type { DeadLetterGroup as GroupRow } from "../db/generated/client.ts";
import { NotFoundError } from "../errors.ts";
import { GROUP_STATE, whereOf } from "../runs/run-filter.ts";
import { countedWhere } from "./counted.ts";
import { asDead } from "./select-dead-letters.ts";
import { titleOf } from "./title.ts";

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

async function findGroups(
  db: Db,
  filter: Omit<ListGroups, "state" | "cursor" | "limit">,
  { state, start, count }: { state: GroupState[] | undefined; start: number; count: number },
): Promise<(GroupRow & Counted)[]> {
  const counts = countedWhere(filter);
  // What is counted where it happens needs the run for its moment alone, which each group's own stretch of the index ends with.
  const matching =
    counts === null
      ? sql`SELECT fingerprint, count(*)::int AS count, max(finished_at) AS last_seen_at FROM run
          WHERE ${whereOf(asDead(filter), sql`run.fingerprint IS NOT NULL AND run.finished_at IS NOT NULL`)} GROUP BY fingerprint`
      : sql`SELECT fingerprint, count, (
            SELECT finished_at FROM run WHERE run.fingerprint = counted.fingerprint AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1
          ) AS last_seen_at
          FROM (SELECT fingerprint, sum(count)::int AS count FROM ${counts} GROUP BY fingerprint HAVING sum(count) > 0) AS counted`;
  return db.$queryRaw<(GroupRow & Counted)[]>(sql`
    SELECT grouped.fingerprint, grouped.outcome::text AS outcome, exit_code AS "exitCode", signal, script, line, grouped.state::text AS state,
      ignored_until AS "ignoredUntil", first_seen_at AS "firstSeenAt", changed_at AS "changedAt", changed_by AS "changedBy",
      reopened_at AS "reopenedAt", count, last_seen_at AS "lastSeenAt"
    FROM (${matching}) AS matching JOIN dead_letter_group AS grouped USING (fingerprint)
    ${state === undefined ? sql`` : sql`WHERE ${GROUP_STATE} = ANY(${state})`}
    ORDER BY last_seen_at DESC, fingerprint LIMIT ${count} OFFSET ${start}`);
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
