import { createBatcher } from "../batcher.ts";

/**
 * Gathers what is added and works on it: at once, unless it did so less than `paceMs` milliseconds ago; then what comes meanwhile is worked on together.
 * One batch after the other, so that what is told of an earlier moment is never told later. Nothing is added twice to a batch.
 */
export function createPaced<Item>(work: (items: Item[]) => Promise<void>, paceMs: number): (items: readonly Item[]) => void {
  const add = createBatcher(async (added: (readonly Item[])[]) => {
    const pause = new Promise((resolve) => setTimeout(resolve, paceMs));
    await Promise.all([work([...new Set(added.flat())]), pause]);
    return added;
  }, Infinity);
  return (items) => void add(items);
}
