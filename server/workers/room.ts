import type { Lane } from "../contracts/statuses.ts";

/** What something needs, or a host has, of memory and CPU. */
export type Resources = { memoryBytes: number; cpuMillis: number };

/** Of the capacity, what batch runs may hold together: a backlog leaves room for somebody who waits for an answer. */
const BATCH_SHARE = 0.75;

/** Nothing held. */
export const NOTHING: Resources = { memoryBytes: 0, cpuMillis: 0 };
/** Both together. */
export const plus = (one: Resources, other: Resources): Resources => ({
  memoryBytes: one.memoryBytes + other.memoryBytes,
  cpuMillis: one.cpuMillis + other.cpuMillis,
});
/** What is left of one without the other. */
export const minus = (one: Resources, other: Resources): Resources => ({
  memoryBytes: one.memoryBytes - other.memoryBytes,
  cpuMillis: one.cpuMillis - other.cpuMillis,
});
/** More cores than there are is a quota that can't be reached, no need that can't be met. */
export const capped = (need: Resources, capacity: Resources): Resources => ({ ...need, cpuMillis: Math.min(need.cpuMillis, capacity.cpuMillis) });
const fitsIn = (need: Resources, room: Resources) => need.memoryBytes <= room.memoryBytes && need.cpuMillis <= room.cpuMillis;

/**
 * How many of the runs that are due, first come first served, may start beside what is held already. The first that does not
 * fit ends it: to let smaller ones pass would let a large one wait for ever. A lane that holds nothing may exceed its share
 * with one run, as long as the host has room for it. Pure.
 */
export function howManyFit(lane: Lane, due: readonly Resources[], held: Record<Lane, Resources>, capacity: Resources): number {
  let mine = held[lane];
  let free = minus(capacity, plus(held.batch, held.interactive));
  const share: Resources = lane === "batch" ? { memoryBytes: capacity.memoryBytes * BATCH_SHARE, cpuMillis: capacity.cpuMillis * BATCH_SHARE } : capacity;
  for (const [index, asked] of due.entries()) {
    const need = capped(asked, capacity);
    const isAlone = mine.memoryBytes === 0 && mine.cpuMillis === 0;
    if (!fitsIn(need, free) || !(isAlone || fitsIn(need, minus(share, mine)))) return index;
    mine = plus(mine, need);
    free = minus(free, need);
  }
  return due.length;
}
