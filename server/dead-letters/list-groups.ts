import type { ServiceContext } from "../context.ts";
import type { DeadLetterGroup, GroupState, ListGroups } from "../contracts/dead-letters.ts";
import { GROUP_HOURS } from "../contracts/dead-letters.ts";
import type { Db } from "../db/client.ts";
import { readClock } from "../db/read-clock.ts";
import { sql } from "../db/sql.ts";
import type { DeadLetterGroup as GroupRow } from "../db/generated/client.ts";
import { NotFoundError } from "../errors.ts";
import { whereOf } from "../runs/run-filter.ts";
import { asDead } from "./select-dead-letters.ts";
import { titleOf } from "./title.ts";

type Counted = { fingerprint: string; count: number; lastSeenAt: Date };

/** A page of the groups that have dead letters which match, the latest first, counted now. */
export async function listGroups(
  ctx: ServiceContext,
  { state, cursor, limit, ...filter }: ListGroups,
): Promise<{ items: DeadLetterGroup[]; nextCursor: string | null }> {
  const { client } = ctx.database;
  const [now, counted] = await Promise.all([readClock(client), countGroups(client, filter)]);
  const rows = await client.deadLetterGroup.findMany({ where: { fingerprint: { in: counted.map(({ fingerprint }) => fingerprint) } } });
  const byFingerprint = new Map(rows.map((row) => [row.fingerprint, row]));
  const wanted = counted.flatMap((group) => {
    const row = byFingerprint.get(group.fingerprint);
    if (row === undefined) return [];
    return state === undefined || state.includes(stateOf(row, now)) ? [{ ...group, row }] : [];
  });
  const start = Number(cursor ?? 0);
  const page = wanted.slice(start, start + limit);
  const hourly = await countHourly(
    client,
    page.map(({ fingerprint }) => fingerprint),
  );
  return {
    items: page.map((group) => toGroup(group.row, group, hourly.get(group.fingerprint) ?? [], now)),
    nextCursor: wanted.length > start + limit ? String(start + limit) : null,
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

async function countGroups(db: Db, filter: Omit<ListGroups, "state" | "cursor" | "limit">): Promise<Counted[]> {
  // Only dead letters have a fingerprint; unfiltered, the index on it has all that is asked.
  const conditions = Object.values(filter).some((part) => part !== undefined) ? asDead(filter) : {};
  return db.$queryRaw<Counted[]>(sql`
    SELECT fingerprint, count(*)::int AS count, max(finished_at) AS "lastSeenAt" FROM run
    WHERE ${whereOf(conditions, sql`run.fingerprint IS NOT NULL AND run.finished_at IS NOT NULL`)}
    GROUP BY fingerprint ORDER BY 3 DESC, 1`);
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
