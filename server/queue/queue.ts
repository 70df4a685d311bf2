import { PgBoss, fromPrisma } from "pg-boss";

import type { Lane } from "../contracts/statuses.ts";
import { LANES } from "../contracts/statuses.ts";
import { database } from "../db/client.ts";
import type { Database, Transaction } from "../db/client.ts";
import { requireThat } from "../db/sql-transaction.ts";
import type { SqlRunner, SqlTransaction } from "../db/sql-transaction.ts";
import { log } from "../log.ts";

/** What a worker must have to run it: the job carries it, so that a worker can pass over what it can't run. */
export type Needs = {
  language: string;
  memoryBytes: number;
  cpuMillis: number;
  workerTags: string[];
  /** The key that its secrets are encrypted with; left out when it has none. */
  secretKey?: string;
};

/** A run that is due, as pg-boss hands it over. */
export type Delivery = { jobId: string; runId: string };

/** What a worker takes: runs in its languages, with its tags, that its whole capacity could hold, as many from the first as `admit` says. */
export type Taking = {
  /** Who takes: nothing is given to a worker that is drained, stopped or was taken for lost. */
  workerId: string;
  count: number;
  languages: readonly string[];
  memoryBytes: number;
  /** The worker's own tags, and whether it leaves runs alone that demand none. */
  tags: readonly string[];
  taggedOnly: boolean;
  /** Ids of the keys that the worker has; none if left out. */
  secretKeys?: readonly string[];
  admit: (due: readonly Pick<Needs, "memoryBytes" | "cpuMillis">[]) => number;
};

/** What to deliver: `startAfter` null means at once. The caller chooses the job's id, so that row and job are written together. */
export type Enqueue = { jobId: string; runId: string; lane: Lane; priority: number; startAfter: Date | null; needs: Needs };

/**
 * The one door to pg-boss. It delivers: wake-up, order, delay. Who runs what is in Corral's own tables: taking a
 * delivery and leasing its run commit together, so that a crash in between leaves both as they were.
 */
export type Queue = {
  enqueue: (tx: Transaction | SqlTransaction, deliveries: Enqueue[]) => Promise<void>;
  /** Takes a delivery back; nothing happens when it was taken meanwhile. */
  withdraw: (tx: Transaction, deliveries: { jobId: string; lane: Lane }[]) => Promise<void>;
  /** What is due in the lane for a worker, in its order; nobody else is given it while `tx` is open. */
  hold: (tx: SqlTransaction, lane: Lane, taking: Taking) => Promise<Delivery[]>;
  /** Takes what is held out of the lane, for good once `tx` commits. */
  take: (tx: SqlTransaction, lane: Lane, held: readonly Delivery[]) => Promise<void>;
  /** How many deliveries are due in the lane (counted to `most`), and since when the first is; null when none. */
  readDue: (sql: SqlRunner, lane: Lane, most: number) => Promise<{ count: number; sinceMs: number | null }>;
  /** Fails, as `isUnmet` tells, unless fewer than `most` deliveries are due in the lane. */
  requireFewer: (sql: SqlRunner, lane: Lane, most: number) => Promise<void>;
  /** Calls back when something may be due in the lane: at a NOTIFY, and after the listener healed. */
  onWake: (listener: (lane: Lane) => void) => () => void;
  /** @param startAfter null: at once */
  enqueueBulkOperation: (tx: Transaction, operationId: string, startAfter: Date | null) => Promise<void>;
  /** Works bulk operations one at a time; a worker that dies half-way is followed by another. */
  workBulkOperations: (handler: (operationId: string) => Promise<void>) => Promise<void>;
  stop: () => Promise<void>;
};

/** Over pg-boss's indexes job_i14 and job_i11: one entry for the first, at most so many for a count. */
const dueIn = (lane: Lane) => `FROM pgboss.job WHERE name = '${queueOf(lane)}' AND NOT blocked AND start_after <= pgboss.job_now()`;
const countDue = (lane: Lane, most: number) => `(SELECT count(*)::int FROM (SELECT ${dueIn(lane)} AND state < 'active' LIMIT ${Math.trunc(most)}) AS due)`;

const queueOf = (lane: Lane) => `run.${lane}`;
const BULK_QUEUE = "bulk-operation";
/** Also where notices are heard: nobody is woken for a job that comes due later, as those of a paced operation do. */
const BULK_POLL_S = 2;

/**
 * How a transaction that takes jobs begins. From what is asked of a job's data the planner concludes that next to none will do, so that it
 * would read and sort the whole backlog for each lease; with no sort left it goes along the index, which has them in order.
 */
export const IN_ORDER = "BEGIN; SET LOCAL enable_sort = off";

/** pg-boss drops what nobody fetched after its retention (14 days by default); a run's promise has no such end. */
const TEN_YEARS_S = 10 * 365 * 24 * 3600;

/**
 * Starts pg-boss on `db`. A worker listens and supervises; the web process only sends.
 * @throws when the database is away.
 */
export async function openQueue(db: Database, role: "web" | "worker"): Promise<Queue> {
  const wakeListeners = new Set<(lane: Lane) => void>();
  const wake = (name?: string) => {
    for (const lane of LANES) {
      if (name === undefined || name === queueOf(lane)) for (const listener of wakeListeners) listener(lane);
    }
  };
  const boss = new PgBoss({
    db: {
      executeSql: async (text, values) => {
        const result = await db.pool.query(text, values);
        return Array.isArray(result) ? (result as never) : { rows: result.rows };
      },
      // pg-boss names the channel and wakes its own pollers; the same notice wakes the dispatcher.
      listen: (channel, onNotification, onReconnect) =>
        db.listener.listen(
          channel,
          (payload) => {
            onNotification(payload);
            wake(payload);
          },
          () => {
            onReconnect();
            wake();
          },
        ),
    },
    schema: "pgboss",
    useListenNotify: role === "worker",
    supervise: role === "worker",
    schedule: false,
    // Corral's own table says who works. Registered, a process would measure its event loop fifty times a second.
    registerInstance: false,
    migrate: true,
  });
  // An unhandled `error` event would end the process; what fails is tried again by its caller.
  boss.on("error", (error) => log.warn({ err: error }, "pg-boss reported an error"));
  await boss.start();
  for (const lane of LANES) {
    await boss.createQueue(queueOf(lane), { policy: "standard", notify: true, retentionSeconds: TEN_YEARS_S, retryLimit: 0 });
  }
  if (role === "worker") await completeNeeds(db);
  await boss.createQueue(BULK_QUEUE, {
    policy: "standard",
    notify: true,
    retentionSeconds: TEN_YEARS_S,
    retryLimit: 1000,
    retryDelay: 1,
    heartbeatSeconds: 10,
    expireInSeconds: 12 * 3600,
  });

  return {
    enqueue: async (tx, deliveries) => {
      for (const lane of LANES) {
        const jobs = deliveries.filter((delivery) => delivery.lane === lane);
        if (jobs.length === 0) continue;
        await boss.insert(
          queueOf(lane),
          jobs.map(({ jobId, runId, priority, startAfter, needs }) => ({
            id: jobId,
            data: { runId, ...needs },
            priority,
            ...(startAfter === null ? {} : { startAfter }),
          })),
          { db: "rows" in tx ? asPgBoss(tx) : fromPrisma(tx) },
        );
      }
    },
    withdraw: async (tx, deliveries) => {
      for (const lane of LANES) {
        const ids = deliveries.filter((delivery) => delivery.lane === lane).map((delivery) => delivery.jobId);
        if (ids.length === 0) continue;
        // A delivery that is locked is just being taken. Waiting for it would be a deadlock, since its taker waits for
        // the run that our caller holds; and it ends without us, for the run no longer names it.
        const waiting = await tx.$queryRaw<{ id: string }[]>`
          SELECT id FROM pgboss.job WHERE name = ${queueOf(lane)} AND id = ANY(${ids}::uuid[]) FOR UPDATE SKIP LOCKED`;
        const free = waiting.map((job) => job.id);
        if (free.length > 0) await boss.deleteJob(queueOf(lane), free, { db: fromPrisma(tx) });
      }
    },
    hold: async (tx, lane, { workerId, count, languages, memoryBytes, tags, taggedOnly, secretKeys = [], admit }) => {
      // pg-boss's own fetch hands out whatever is next; this is the same order over the same index (job_i11), less what can't be run here.
      const due = await tx.rows<{ jobId: string; runId: string; memoryBytes: string; cpuMillis: number }>(
        `SELECT id AS "jobId", data->>'runId' AS "runId", (data->>'memoryBytes')::bigint AS "memoryBytes", (data->>'cpuMillis')::int AS "cpuMillis"
        FROM pgboss.job
        WHERE name = $1 AND state < 'active' AND NOT blocked AND start_after <= pgboss.job_now()
          AND data->>'language' = ANY($2) AND (data->>'memoryBytes')::bigint <= $3
          AND coalesce(data->'workerTags', '[]') <@ $4::jsonb
          AND (NOT $5::boolean OR coalesce(data->'workerTags', '[]') <> '[]')
          AND (data->>'secretKey' IS NULL OR data->>'secretKey' = ANY($6))
          AND NOT EXISTS (SELECT FROM lane_pause WHERE lane = $7::lane)
          AND EXISTS (SELECT FROM worker WHERE id = $8::uuid AND status = 'active')
        ORDER BY priority DESC, created_on
        LIMIT $9
        FOR UPDATE SKIP LOCKED`,
        [queueOf(lane), languages, memoryBytes, JSON.stringify(tags), taggedOnly, secretKeys, lane, workerId, count],
      );
      const held = due.slice(0, admit(due.map((job) => ({ memoryBytes: Number(job.memoryBytes), cpuMillis: job.cpuMillis }))));
      return held.map(({ jobId, runId }) => ({ jobId, runId }));
    },
    take: async (tx, lane, held) => {
      await boss.deleteJob(
        queueOf(lane),
        held.map(({ jobId }) => jobId),
        { db: asPgBoss(tx) },
      );
    },
    readDue: async ({ rows }, lane, most) => {
      // Without parameters, for which PostgreSQL would plan it anew each time, and longer than it takes to do: a settings' number, and a
      // name of our own.
      const [row] = await rows<{ count: number; sinceMs: number | null }>(
        `SELECT ${countDue(lane, most)} AS count,
          (SELECT greatest(0, extract(epoch FROM pgboss.job_now() - min(start_after)) * 1000)::float ${dueIn(lane)} AND state = 'created') AS "sinceMs"`,
      );
      return row ?? { count: 0, sinceMs: null };
    },
    requireFewer: (sql, lane, most) => requireThat(sql, `${countDue(lane, most)} < ${Math.trunc(most)}`),
    onWake: (listener) => {
      wakeListeners.add(listener);
      return () => wakeListeners.delete(listener);
    },
    enqueueBulkOperation: async (tx, operationId, startAfter) => {
      await boss.send(BULK_QUEUE, { operationId }, { db: fromPrisma(tx), ...(startAfter === null ? {} : { startAfter }) });
    },
    workBulkOperations: async (handler) => {
      await boss.work<{ operationId: string }>(
        BULK_QUEUE,
        { pollingIntervalSeconds: BULK_POLL_S, notifyPollingIntervalSeconds: BULK_POLL_S },
        async ([job]) => {
          if (job !== undefined) await handler(job.data.operationId);
        },
      );
    },
    stop: async () => {
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

/** A transaction as pg-boss's own calls take one. */
const asPgBoss = ({ rows }: SqlTransaction) => ({ executeSql: async (text: string, values?: unknown[]) => ({ rows: await rows(text, values) }) });

/** Runs that were queued before jobs said what they need would be passed over by every worker. */
async function completeNeeds({ client }: Database): Promise<void> {
  await client.$executeRaw`
    UPDATE pgboss.job
    SET data = job.data || jsonb_build_object('language', run.language, 'memoryBytes', run.limits->'memoryBytes', 'cpuMillis', run.limits->'cpuMillis')
    FROM run
    WHERE job.name = ANY(${LANES.map(queueOf)}) AND job.data->>'language' IS NULL AND run.id = (job.data->>'runId')::uuid`;
}

// Pages have a copy of each module in their bundle; memoising the promise on the global keeps it to one boss a process.
const holder = globalThis as typeof globalThis & { corralQueue?: Promise<Queue> };

/** The web process's queue, started at first use; a failed start is tried again at the next. */
export function queue(): Promise<Queue> {
  holder.corralQueue ??= openQueue(database(), "web").catch((error: unknown) => {
    delete holder.corralQueue;
    throw error;
  });
  return holder.corralQueue;
}
