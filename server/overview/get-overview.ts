import type { ServiceContext } from "../context.ts";
import type { Overview } from "../contracts/overview.ts";
import type { RunStatus } from "../contracts/statuses.ts";
import { COUNTED_MAX } from "../contracts/units.ts";
import type { Db } from "../db/client.ts";
import { readClock } from "../db/read-clock.ts";
import { topGroups } from "../dead-letters/top-groups.ts";
import { firstIdAt } from "../runs/run-filter.ts";

const DAY_MS = 24 * 3_600_000;
/** The share that succeeded is taken from so many at most. */
const SAMPLE = 10_000;
/** Among so many, the oldest by id, is looked for who waits longest: one that was queued again keeps its id. */
const WAITING_LOOKED_AT = 1_000;
const GROUPS_SHOWN = 5;

/** How Corral does right now. Every part reads a bounded number of rows by an index, however many runs there are. */
export async function getOverview({ database: { client } }: ServiceContext): Promise<Overview> {
  const now = await readClock(client);
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const [waiting, oldestQueued, lastDay, { groups, arrived }, newest] = await Promise.all([
    countWaiting(client),
    findOldestQueued(client),
    countLastDay(client, dayAgo),
    topGroups(client, { since: dayAgo, limit: GROUPS_SHOWN }),
    client.run.findFirst({ select: { id: true }, orderBy: { id: "desc" } }),
  ]);
  return { isNew: newest === null, ...waiting, oldestQueued, lastDay, deadArrived: arrived, groups };
}

async function countWaiting(db: Db): Promise<Pick<Overview, "queued" | "running" | "retrying">> {
  const [row] = await db.$queryRaw<Pick<Overview, "queued" | "running" | "retrying">[]>`
    SELECT
      (SELECT count(*)::int FROM (SELECT FROM run WHERE status = 'queued' LIMIT ${COUNTED_MAX}) AS matching) AS queued,
      (SELECT count(*)::int FROM (SELECT FROM run WHERE status = 'running' LIMIT ${COUNTED_MAX}) AS matching) AS running,
      (SELECT count(*)::int FROM (SELECT FROM run WHERE status = 'retrying' LIMIT ${COUNTED_MAX}) AS matching) AS retrying`;
  return row ?? { queued: 0, running: 0, retrying: 0 };
}

async function findOldestQueued(db: Db): Promise<Overview["oldestQueued"]> {
  const [oldest] = await db.$queryRaw<{ id: string; name: string; since: Date }[]>`
    SELECT queued.id, queued.name, coalesce(again.at, queued.created_at) AS since
    FROM (SELECT id, name, created_at FROM run WHERE status = 'queued' ORDER BY id LIMIT ${WAITING_LOOKED_AT}) AS queued
    LEFT JOIN LATERAL (SELECT max(requeue.at) AS at FROM requeue WHERE requeue.run_id = queued.id) AS again ON TRUE
    ORDER BY 3, 1 LIMIT 1`;
  return oldest === undefined ? null : { ...oldest, since: oldest.since.toISOString() };
}

const UNCOUNTED: readonly RunStatus[] = ["queued", "running", "retrying", "cancelled"];

async function countLastDay(db: Db, since: Date): Promise<Overview["lastDay"]> {
  const rows = await db.$queryRaw<{ status: RunStatus; count: number }[]>`
    SELECT status::text AS status, count(*)::int AS count
    FROM (SELECT status FROM run WHERE id >= ${firstIdAt(since.getTime())}::uuid ORDER BY id DESC LIMIT ${SAMPLE + 1}) AS newest
    GROUP BY 1`;
  const sum = (counted: typeof rows) => counted.reduce((total, { count }) => total + count, 0);
  return {
    ended: sum(rows.filter(({ status }) => !UNCOUNTED.includes(status))),
    succeeded: sum(rows.filter(({ status }) => status === "succeeded")),
    complete: sum(rows) <= SAMPLE,
  };
}
