import type { Lane, Outcome, RunStatus } from "../contracts/statuses.ts";
import { LANES, OUTCOMES, RUN_STATUSES, isEnded } from "../contracts/statuses.ts";
import type { Db } from "../db/client.ts";

/** Upper bounds of the waits for a first attempt, seconds; the triggers in prisma/migrations know the same. */
export const START_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] as const;

/** What has happened since the database was made, to the last committed transaction. */
export type TallyTotals = {
  submitted: Record<Lane, number>;
  /** Runs by where they stand; those that retention removed stand where they ended. */
  standing: Record<Lane, Record<RunStatus, number>>;
  removed: Record<RunStatus, number>;
  /** Ended runs that were queued again. */
  requeued: Record<Lane, number>;
  attempts: { started: number; finished: Record<Outcome, number> };
  /** How long runs waited for their first attempt: how many in each bucket (the last is beyond all bounds), and together. */
  waits: Record<Lane, { counts: number[]; sumMs: number }>;
};

type Row = { kind: string; lane: string; label: string; count: bigint; ms: bigint };

const zeros = <K extends string>(keys: readonly K[]) => Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
const each = <K extends string, V>(keys: readonly K[], make: () => V) => Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>;

/** Sums the tally in one snapshot. */
export async function readTally(db: Db): Promise<TallyTotals> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT kind, lane, label, sum(count)::bigint AS count, sum(ms)::bigint AS ms FROM tally GROUP BY kind, lane, label`;
  return addUp(rows);
}

/** Puts the sums where they belong. @throws for a kind that it doesn't know */
function addUp(rows: Row[]): TallyTotals {
  const totals: TallyTotals = {
    submitted: zeros(LANES),
    standing: each(LANES, () => zeros(RUN_STATUSES)),
    removed: zeros(RUN_STATUSES),
    requeued: zeros(LANES),
    attempts: { started: 0, finished: zeros(OUTCOMES) },
    waits: each(LANES, () => ({ counts: Array.from({ length: START_BUCKETS_S.length + 1 }, () => 0), sumMs: 0 })),
  };
  for (const { kind, lane: laneText, label, count: counted, ms } of rows) {
    const lane = laneText as Lane;
    const count = Number(counted);
    if (kind === "submitted") {
      totals.submitted[lane] += count;
      totals.standing[lane][label as RunStatus] += count;
    } else if (kind === "moved") {
      const [from, to] = label.split(">") as [RunStatus, RunStatus];
      totals.standing[lane][from] -= count;
      totals.standing[lane][to] += count;
      if (to === "queued" && isEnded(from)) totals.requeued[lane] += count;
    } else if (kind === "removed") totals.removed[label as RunStatus] += count;
    else if (kind === "attempt_started") totals.attempts.started += count;
    else if (kind === "attempt_finished") totals.attempts.finished[label as Outcome] += count;
    else if (kind === "started") {
      totals.waits[lane].counts[Number(label)] = (totals.waits[lane].counts[Number(label)] ?? 0) + count;
      totals.waits[lane].sumMs += Number(ms);
    } else throw new Error(`The tally has a kind that nobody knows: ${kind}.`);
  }
  return totals;
}
