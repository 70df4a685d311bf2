import type { ServiceContext } from "../context.ts";
import type { LaneState } from "../contracts/lanes.ts";
import { LANES } from "../contracts/statuses.ts";

/** Every lane with what waits in it. */
export async function listLanes({ database: { client } }: ServiceContext): Promise<{ items: LaneState[] }> {
  const [pauses, queued] = await Promise.all([
    client.lanePause.findMany(),
    client.run.groupBy({ by: "lane", where: { status: "queued" }, _count: true, _min: { createdAt: true } }),
  ]);
  return {
    items: LANES.map((lane) => {
      const pause = pauses.find((row) => row.lane === lane);
      const waiting = queued.find((row) => row.lane === lane);
      return {
        lane,
        paused: pause === undefined ? null : { at: pause.pausedAt.toISOString(), by: pause.pausedBy },
        queued: waiting?._count ?? 0,
        oldestQueuedAt: waiting?._min.createdAt?.toISOString() ?? null,
      };
    }),
  };
}
