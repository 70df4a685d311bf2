import { availableParallelism } from "node:os";

import type { Lane } from "#server/contracts/statuses.ts";

/** How many attempts a worker runs at once in each lane. A lane's slots are its own, so that a backlog can't starve the other. */
export type Slots = Record<Lane, number>;

/** The slots asked for, else twice the cores for each lane: scripts wait a lot, and so does what starts and ends them. */
export function resolveSlots(asked: { batch: number | null; interactive: number | null }): Slots {
  const cores = availableParallelism();
  return { batch: asked.batch ?? cores * 2, interactive: asked.interactive ?? cores * 2 };
}
