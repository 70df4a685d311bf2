import type { Lane } from "#server/contracts/statuses.ts";
import { NOTHING, capped, howManyFit, minus, plus } from "#server/workers/room.ts";
import type { Resources } from "#server/workers/room.ts";

/** What a worker's attempts hold of its capacity. */
export type Admission = {
  /** Takes room for as many of the runs that are due as fit, from the first; returns how many. */
  admit: (lane: Lane, due: readonly Resources[]) => number;
  /** Gives the room of a run back. */
  release: (lane: Lane, need: Resources) => void;
};

/** Starts with nothing held. */
export function createAdmission(capacity: Resources): Admission {
  const held: Record<Lane, Resources> = { batch: NOTHING, interactive: NOTHING };
  return {
    admit: (lane, due) => {
      const count = howManyFit(lane, due, held, capacity);
      for (const need of due.slice(0, count)) held[lane] = plus(held[lane], capped(need, capacity));
      return count;
    },
    release: (lane, need) => {
      held[lane] = minus(held[lane], capped(need, capacity));
    },
  };
}
