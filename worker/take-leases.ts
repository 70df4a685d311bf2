import type { Lane } from "#server/contracts/statuses.ts";
import type { Lease, LeaseRequest } from "#server/runs/lease-runs.ts";
import type { Resources } from "#server/workers/room.ts";

import type { Admission } from "./admission.ts";

export type TakerOptions = {
  admission: Admission;
  /** Ids of the runtimes that this worker found. */
  languages: readonly string[];
  /** This worker's own, and whether it takes only runs that demand some. */
  tags: readonly string[];
  taggedOnly: boolean;
  /** Ids of the keys with which this worker can decrypt secrets. */
  secretKeys?: readonly string[];
  /** The most that one run may have here. */
  memoryBytes: number;
  lease: (request: Pick<LeaseRequest, "lane" | "count" | "languages" | "memoryBytes" | "tags" | "taggedOnly" | "secretKeys" | "admit">) => Promise<Lease[]>;
};

/**
 * Gives a lane's leases: runs in this worker's languages, for which it has room. Room is taken while the lease is still being
 * made, so that two lanes can't give the same room away; what came to nothing gives it back.
 */
export function createTaker({
  admission,
  languages,
  tags,
  taggedOnly,
  secretKeys = [],
  memoryBytes,
  lease,
}: TakerOptions): (lane: Lane, count: number) => Promise<Lease[]> {
  const takeOnce = async (lane: Lane, count: number) => {
    const admitted: Resources[] = [];
    const admit = (due: readonly Resources[]) => {
      const fitting = due.slice(0, admission.admit(lane, due));
      admitted.push(...fitting);
      return fitting.length;
    };
    let leases: Lease[] = [];
    try {
      leases = await lease({ lane, count, languages, tags, taggedOnly, secretKeys, memoryBytes, admit });
      return { leases, wereStale: leases.length === 0 && admitted.length > 0 };
    } finally {
      // A run that was cancelled meanwhile was admitted and not leased; of a lease that failed none was.
      const kept = leases.map(({ limits }) => `${limits.memoryBytes} ${limits.cpuMillis}`);
      for (const room of admitted) {
        const index = kept.indexOf(`${room.memoryBytes} ${room.cpuMillis}`);
        if (index >= 0) kept.splice(index, 1);
        else admission.release(lane, room);
      }
    }
  };
  return async (lane, count) => {
    for (;;) {
      const { leases, wereStale } = await takeOnce(lane, count);
      // Deliveries of runs that have moved on are gone now: what is due may stand behind them.
      if (!wereStale) return leases;
    }
  };
}
