/**
 * Gathers what is added and works on it: at once, unless it did so less than `paceMs` milliseconds ago; then what comes meanwhile is worked on together.
 * One batch after the other, so that what is told of an earlier moment is never told later. Nothing is added twice to a batch.
 */
export function createPaced<Item>(work: (items: Item[]) => Promise<void>, paceMs: number): (items: readonly Item[]) => void {
  const gathered = new Set<Item>();
  let isUnderWay = false;
  let beganAt = -Infinity;
  const begin = async () => {
    beganAt = performance.now();
    const items = [...gathered];
    gathered.clear();
    try {
      await work(items);
    } finally {
      isUnderWay = false;
      beginSoon();
    }
  };
  const beginSoon = () => {
    if (isUnderWay || gathered.size === 0) return;
    isUnderWay = true;
    setTimeout(() => void begin(), Math.max(0, beganAt + paceMs - performance.now()));
  };
  return (items) => {
    for (const item of items) gathered.add(item);
    beginSoon();
  };
}
