/**
 * A latch between notices and a loop that reads tables: any number of wakes while the loop is busy become one more
 * round, and none is lost.
 */
export type WakeSignal = {
  wake: () => void;
  /** Resolves at the next wake, or at once when one came since the last call. */
  next: () => Promise<void>;
};

/** Makes a latch that has not been woken. */
export function createWakeSignal(): WakeSignal {
  let pending = false;
  let resolveNext: (() => void) | null = null;
  return {
    wake: () => {
      pending = true;
      resolveNext?.();
    },
    next: async () => {
      if (!pending) {
        await new Promise<void>((resolve) => {
          resolveNext = resolve;
        });
      }
      resolveNext = null;
      pending = false;
    },
  };
}
