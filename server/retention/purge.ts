import type { SettingsValues } from "../contracts/settings.ts";
import type { RunStatus } from "../contracts/statuses.ts";
import { ENDED_STATUSES } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import { purgeAccess } from "./purge-access.ts";
import { CLOCKS_DIFFER_MS, firstIdAt } from "../runs/run-filter.ts";
import { purgeOutput } from "./purge-output.ts";

/** What was removed. */
export type Purged = {
  runs: number;
  deadLetters: number;
  outputs: number;
  bulkOperations: number;
  workers: number;
  auditEntries: number;
  sessions: number;
};

/** Runs removed in one statement, with their output: large enough to be quick, small enough to let others in between. */
const BATCH = 200;
/** At most so many of a status a call, so that a first purge of years does not hold a worker for hours; the next call goes on. */
const MOST_RUNS = 20_000;
const DAY_MS = 24 * 3_600_000;
const KEPT_AS_RUNS = ENDED_STATUSES.filter((status) => status !== "dead");

/**
 * Removes what the settings no longer keep: runs so many days after they ended, dead letters so many days after they died, each
 * with its script, attempts, output and samples; the output and samples of attempts of runs that are kept longer; and bulk operations and workers that ended as long ago. What has not ended
 * stays, however old. Any number of callers may purge at once.
 * @param now by the caller's clock: a day is not decided by seconds
 */
export async function purge(database: Database, { runsDays, deadLettersDays, outputDays }: SettingsValues["retention"], now: Date): Promise<Purged> {
  const { client } = database;
  const runsBefore = new Date(now.getTime() - runsDays * DAY_MS);
  const diedBefore = new Date(now.getTime() - deadLettersDays * DAY_MS);

  // In the order of their ids, which is that of their age; whoever is just being retried is locked, and passed over. What ended before
  // a moment was made before it, so that the index of a status is read only that far.
  const endedBefore = async (status: RunStatus, before: Date) => {
    let sum = 0;
    for (let removed = BATCH; removed === BATCH && sum < MOST_RUNS; sum += removed) {
      removed = await client.$executeRaw`
        DELETE FROM run WHERE id IN (
          SELECT id FROM run
          WHERE status = ${status}::run_status AND finished_at < ${before} AND id < ${firstIdAt(before.getTime() + CLOCKS_DIFFER_MS)}::uuid
          ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
    }
    return sum;
  };
  let runs = 0;
  for (const status of KEPT_AS_RUNS) runs += await endedBefore(status, runsBefore);
  const deadLetters = await endedBefore("dead", diedBefore);
  const outputs = await purgeOutput(client, new Date(now.getTime() - outputDays * DAY_MS));
  // What a person said of a group is kept while one of its dead letters is, and as long again as an ended run.
  await client.$executeRaw`
    DELETE FROM dead_letter_group WHERE coalesce(changed_at, first_seen_at) < ${runsBefore}
      AND NOT EXISTS (SELECT FROM run WHERE run.fingerprint = dead_letter_group.fingerprint)`;
  const { count: bulkOperations } = await client.bulkOperation.deleteMany({ where: { finishedAt: { lt: runsBefore } } });
  // A worker's row is named by its attempts, and goes with the last of them.
  const { count: workers } = await client.worker.deleteMany({
    where: { status: { in: ["stopped", "lost"] }, heartbeatAt: { lt: runsBefore }, attempts: { none: {} } },
  });
  return { runs, deadLetters, outputs, bulkOperations, workers, ...(await purgeAccess(client, now)) };
}
