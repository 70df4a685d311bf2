import type { ServiceContext } from "../../context.ts";
import type { Lane } from "../../contracts/statuses.ts";
import { LANES } from "../../contracts/statuses.ts";
import { foldTally } from "../../tally/fold-tally.ts";
import { readTally } from "../../tally/read-tally.ts";
import { listWorkers } from "../../workers/list-workers.ts";
import type { Facts } from "./describe-facts.ts";

/** Reads what metrics tell of runs and workers: no more of the tables than an index's entry and what changed lately. */
export async function readFacts(ctx: ServiceContext): Promise<Facts> {
  const { database, queue } = ctx;
  await foldTally(database);
  const [tally, pauses, { items: workers }, ...due] = await Promise.all([
    readTally(database.client),
    database.client.lanePause.findMany({ select: { lane: true } }),
    listWorkers(ctx),
    ...LANES.map((lane) => queue.readDue(database, lane, 1)),
  ]);
  const perLane = <T>(value: (lane: Lane, index: number) => T) => Object.fromEntries(LANES.map((lane, index) => [lane, value(lane, index)])) as Record<Lane, T>;
  return {
    tally,
    oldestMs: perLane((_, index) => due[index]?.sinceMs ?? null),
    paused: perLane((lane) => pauses.some((pause) => pause.lane === lane)),
    workers,
  };
}
