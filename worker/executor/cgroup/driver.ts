import type { ExecutionLimits } from "../types.ts";

/** The kernel's counters of one attempt. */
export type CgroupStats = {
  memoryBytes: number;
  peakMemoryBytes: number;
  /** Memory that can't be given back without swap: anonymous and shared pages. */
  unreclaimableBytes: number;
  /** Pages read again shortly after they were dropped; rises fast while thrashing. */
  refaults: number;
  oomKills: number;
  cpuMs: number;
  throttledMs: number;
  pids: number;
  /** Highest number of processes seen; 0 where the kernel does not count it. */
  pidsPeak: number;
  pidsLimitHits: number;
};

/** One attempt's cgroup (on v1: the same path under every controller). */
export type Cgroup = {
  /** Its path below this process's own cgroup, for the evidence. */
  path: string;
  /** Directories, for the manifest: what a successor has to remove. */
  directories: string[];
  /** A process joins by writing `0` to each of these. */
  joinFiles: string[];
  /** What the kernel counted so far. Read synchronously: these files are memory, and a trip through the thread pool for each would cost more. */
  stats: () => CgroupStats;
  /** Of these the processor time alone: one file instead of a dozen, between a run and its first instruction. */
  cpuMs: () => number;
  /** Pids in it now, as this process sees them. */
  processes: () => number[];
  /** Told the sandbox's first process, as seen from here, once there is one; what can't name its processes otherwise starts from it. */
  started: (innerPid: number) => void;
  /**
   * Sets the limits, right before the script begins: the sandbox was made before it was known for which script, and at a
   * hundredth of a core making it would take a minute. @throws EBUSY (v1) when less is allowed than the sandbox itself uses
   */
  setLimits: (limits: ExecutionLimits) => void;
  /** Ends the head start that a sandbox is made with: from here on it has the same share of a busy CPU as every other. */
  endHeadStart: () => void;
  /** Takes the CPU quota away: a throttled process can't die (moby#37326: 61 spinners took 5 s, 20 ms without). */
  liftCpuQuota: () => void;
  /** SIGKILL to everything in it, again and again until it is empty. @throws when something survives 10 s. */
  kill: () => Promise<void>;
  /** Removes it. Only when it is empty. */
  destroy: () => Promise<void>;
};

/** Makes cgroups of one kind. */
export type CgroupDriver = {
  name: "cgroup-v2" | "cgroup-v1" | "none";
  /** This worker's own subtree, for its manifest. */
  directories: string[];
  create: (name: string) => Promise<Cgroup>;
  /** Removes this worker's own subtree, when every attempt in it is gone. */
  close: () => Promise<void>;
};

/** What all attempts of a worker may use together. */
export type SubtreeLimits = { memoryBytes: number; pidsMax: number };

/** bubblewrap and the shell that reports the script's end count towards pids.max; the script gets all it was promised. */
export const SANDBOX_PROCESSES = 2;

/** One period of the CPU quota. The kernel's default: shorter ones cost, longer ones stutter. */
export const CPU_PERIOD_US = 100_000;

/**
 * A sandbox that is being made, and a script in its first moments, get so much more of a busy CPU than others: what is short
 * is over before its head start is, and is not stretched to several times its length by scripts that spin in every other slot.
 */
export const HEAD_START_WEIGHT = 8;
