import type { CgroupStats } from "./cgroup/driver.ts";

const SHARE = 0.9;
const REFAULTS_PER_POLL = 200;
const POLLS = 8;

/**
 * Tells whether a script refaults pages at its memory limit without ever meeting the OOM killer: nearly all its memory
 * can't be given back, and pages come and go, eight polls of 250 ms in a row. It also looks like this shortly before a
 * legitimate end, so it is only evidence for a timeout, never a reason to kill.
 */
export function createThrashDetector(memoryLimitBytes: number): { add: (stats: CgroupStats) => void; isThrashing: () => boolean } {
  let lastRefaults: number | null = null;
  let inARow = 0;
  return {
    add: (stats) => {
      const refaults = lastRefaults === null ? 0 : stats.refaults - lastRefaults;
      lastRefaults = stats.refaults;
      inARow = refaults > REFAULTS_PER_POLL && stats.unreclaimableBytes >= SHARE * memoryLimitBytes ? inARow + 1 : 0;
    },
    isThrashing: () => inARow >= POLLS,
  };
}
