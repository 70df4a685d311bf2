import type { Cgroup, CgroupStats } from "./cgroup/driver.ts";
import { SANDBOX_PROCESSES } from "./cgroup/driver.ts";
import { createThrashDetector } from "./thrash-detector.ts";
import type { UsageSample } from "./types.ts";

const SAMPLE_MS = 250;

export type WatchOptions = {
  cgroup: Cgroup;
  memoryLimitBytes: number;
  /** Milliseconds since the script began. */
  now: () => number;
  onUsage: (sample: UsageSample) => void;
  /** Told at the first sample that shows a kill by the kernel's OOM killer. */
  onOomKill: () => void;
  onFailure: (error: unknown) => void;
};

/** The last counters, and the highest of those that the kernel keeps no peak of. */
export type WatchedUsage = CgroupStats & { thrashing: boolean };

export type UsageWatch = {
  /** Whether it thrashes now is what an end by timeout has to know; later samples see a tree that is being ended. */
  noteTimeout: () => void;
  /** Takes the last sample, after the end and before the cgroup is removed. */
  finish: () => WatchedUsage;
};

/** Samples an attempt's counters about four times a second, starting now. */
export function watchUsage({ cgroup, memoryLimitBytes, now, onUsage, onOomKill, onFailure }: WatchOptions): UsageWatch {
  const detector = createThrashDetector(memoryLimitBytes);
  // Making the sandbox took CPU time that is not the script's.
  const ours = cgroup.cpuMs();
  let pidsPeak = 0;
  let peakMemoryBytes = 0;
  let oomTold = false;
  let hasHeadStart = true;
  let told = false;
  let thrashing: boolean | null = null;

  const sample = (): CgroupStats => {
    const stats = cgroup.stats();
    pidsPeak = Math.max(pidsPeak, stats.pidsPeak, stats.pids);
    peakMemoryBytes = Math.max(peakMemoryBytes, stats.peakMemoryBytes, stats.memoryBytes);
    return { ...stats, cpuMs: Math.max(0, stats.cpuMs - ours) };
  };

  const tell = ({ memoryBytes, cpuMs, throttledMs, pids }: CgroupStats) =>
    onUsage({ atMs: now(), memoryBytes, cpuMs, throttledMs, pids: Math.max(0, pids - SANDBOX_PROCESSES) });

  const timer = setInterval(() => {
    try {
      if (hasHeadStart) cgroup.endHeadStart();
      hasHeadStart = false;
      const stats = sample();
      detector.add(stats);
      told = true;
      tell(stats);
      if (stats.oomKills > 0 && !oomTold) {
        oomTold = true;
        onOomKill();
      }
    } catch (error) {
      onFailure(error);
    }
  }, SAMPLE_MS);

  return {
    noteTimeout: () => {
      thrashing ??= detector.isThrashing();
    },
    finish: () => {
      clearInterval(timer);
      const stats = sample();
      // Shorter than a sample's time: its peak is the one point of its picture. (What it holds is nothing any more.)
      if (!told) tell({ ...stats, memoryBytes: peakMemoryBytes, pids: pidsPeak });
      return { ...stats, pidsPeak: Math.max(0, pidsPeak - SANDBOX_PROCESSES), peakMemoryBytes, thrashing: thrashing ?? false };
    },
  };
}
