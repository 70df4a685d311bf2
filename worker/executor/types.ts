/**
 * What goes into the executor and what comes out. The executor is a leaf: it knows nothing of runs in a
 * database, queues or HTTP, only of one attempt at a time.
 */

/** What the kernel holds one attempt to. Every field carries its unit. */
export type ExecutionLimits = {
  /** Wall clock of the attempt, in milliseconds. */
  timeoutMs: number;
  /** Memory of the whole process tree, page cache and tmpfs included, in bytes. */
  memoryBytes: number;
  /** CPU bandwidth; 1000 is one core. */
  cpuMillis: number;
  /** Processes and threads alive at once. */
  pidsMax: number;
  /** stdout and stderr together, in bytes; beyond it a head and a tail are kept. */
  outputMaxBytes: number;
  /** Size of the workspace, in bytes. */
  diskMaxBytes: number;
};

/** What of a sandbox has to be known before its script is: sandboxes of the usual shape are made ahead of time. */
export type SandboxShape = { diskMaxBytes: number; network: boolean };

/**
 * How scripts are kept apart from the host: each in a user namespace of its own; or, where the host refuses those to
 * ordinary users and the worker is root, in the other namespaces alone, with a uid and no capability.
 */
export type Isolation = "user-namespaces" | "root";

export type OutputStream = "stdout" | "stderr";

/** A file's worth of program, how to run it, and what it may use. */
export type ExecutionSpec = {
  /** Unique among live attempts of this worker; `[A-Za-z0-9._-]+`. Names its manifest. */
  id: string;
  /** Opaque values that the script sees as CORRAL_RUN_ID and CORRAL_ATTEMPT. */
  runId: string;
  attempt: number;
  /** A runtime's id, for example `bash`, `python` or `node`. */
  language: string;
  source: string;
  args: string[];
  env: Record<string, string>;
  /** Values that are masked in the output before anything else is done with it; none if left out. */
  secrets?: readonly string[];
  stdin: string | null;
  limits: ExecutionLimits;
  network: boolean;
  /** Time between SIGTERM and the kill of the whole cgroup, in milliseconds. */
  gracePeriodMs: number;
  /** What happens at `outputMaxBytes`: keep head and tail and let it go on, or end it. */
  onOutputLimit: "truncate" | "end";
};

/** A piece of output. `seq` rises by one from 1 over both streams; there are no gaps. */
export type OutputChunk = {
  seq: number;
  stream: OutputStream;
  /** Milliseconds since the script was started. */
  atMs: number;
  bytes: Buffer;
  /** Set on the one chunk that stands for what was dropped between head and tail (`bytes` is then a short marker line). */
  droppedBytes?: number;
};

export type UsageSample = {
  /** Milliseconds since the script was started. */
  atMs: number;
  memoryBytes: number;
  cpuMs: number;
  throttledMs: number;
  pids: number;
};

export type Usage = {
  wallMs: number;
  cpuMs: number;
  peakMemoryBytes: number;
  throttledMs: number;
  pidsPeak: number;
};

/** How an attempt ended, as the executor can know it (`worker_lost` is decided elsewhere). */
export type ExecutionOutcome =
  | "succeeded"
  | "cancelled"
  | "timeout"
  | "output_limit"
  | "out_of_memory"
  | "process_limit"
  | "disk_limit"
  | "signal"
  | "exit_nonzero"
  | "spawn_error"
  | "internal_error";

/** The facts that the outcome rests on, stored with the attempt as they are. */
export type Evidence = {
  exitCode: number | null;
  /** `SIGSEGV`, …; null when no signal ended the script. */
  signal: string | null;
  /** Who sent it: we did (timeout, cancel, output limit), the kernel's OOM killer, or the script itself or its tree. */
  signalSentBy: "corral" | "oom_killer" | "script" | null;
  oomKills: number;
  /** The attempt was refaulting pages at its memory limit when its time was up. */
  thrashing: boolean;
  /** pids.max was hit this often. */
  pidsLimitHits: number;
  /** Free bytes left in the workspace at the end; null when it could not be read. */
  diskFreeBytes: number | null;
  /** Processes still alive when the main process had ended; all of them were killed. */
  leftoverProcesses: number;
  peakMemoryBytes: number;
  cpuMs: number;
  throttledMs: number;
  pidsPeak: number;
  wallMs: number;
  keptBytes: number;
  droppedBytes: number;
  limits: ExecutionLimits;
  /** `cgroup-v2`, `cgroup-v1`, or `none` when unenforced. */
  driver: "cgroup-v2" | "cgroup-v1" | "none";
  enforced: boolean;
  isolation: Isolation;
  /** The attempt's cgroup, below the worker's own; null when it never had one. */
  cgroup: string | null;
  /** `isolated`: a network of its own behind a user-mode router; `host`: the host's, all of it. */
  network: "off" | NetworkKind;
  /** Set for spawn_error and internal_error: the technical reason. */
  detail: string | null;
};

/** What a run that asked for network gets on this host. */
export type NetworkKind = "isolated" | "host";

export type ExecutionResult = {
  outcome: ExecutionOutcome;
  /** One sentence a person understands, for example "Killed at its 256 MiB memory limit, 14 s in." */
  message: string;
  exitCode: number | null;
  signal: string | null;
  /** Wall-clock times of this host, milliseconds since the epoch. Durations come from a monotonic clock. */
  startedAt: number;
  finishedAt: number;
  usage: Usage;
  output: { stdoutBytes: number; stderrBytes: number; droppedBytes: number };
  evidence: Evidence;
};

export type ExecutionHandlers = {
  /** Called in order. While the returned promise is pending the script's pipes fill up and it waits (backpressure). */
  onOutput?: (chunk: OutputChunk) => Promise<void> | void;
  /** Called about four times a second. */
  onUsage?: (sample: UsageSample) => void;
  /** Aborting cancels the attempt; `reason` `"cancel"` (default) yields `cancelled`. */
  signal?: AbortSignal;
};

export type Runtime = {
  id: string;
  /** "Bash", "Python 3" */
  title: string;
  /** File name of the source inside the workspace. */
  fileName: string;
  /** Absolute path of the interpreter, as found on this host. */
  interpreter: string;
  version: string;
};

export type Capabilities = {
  runtimes: Runtime[];
  driver: Evidence["driver"];
  enforced: boolean;
  isolation: Isolation;
  network: NetworkKind;
  /** One sentence each: what this host lacks and what follows. */
  warnings: string[];
  host: { cpuMillis: number; memoryBytes: number };
};

export type ExecutorOptions = {
  /** Scratch for workspaces and manifests; made if missing. */
  directory: string;
  /** Names this worker's cgroup subtree; `[a-z0-9-]+`. */
  instance: string;
  /** Run without kernel limits where there is no cgroup; off by default. */
  allowUnenforced: boolean;
  /** At most this many attempts at once; each has a uid of its own. */
  maxConcurrent: number;
  /** What all attempts together may use, in bytes; all of the host's less a tenth if left out. */
  memoryBytes?: number;
  /** Found out by trying if left out. */
  isolation?: Isolation;
  /** Told when a deadline (`endAt`) has passed and everything was killed. */
  onDeadline?: () => void;
};

export type Executor = {
  capabilities: Capabilities;
  /** Runs one attempt to its end. Never rejects: our own faults come back as `internal_error`. */
  execute: (spec: ExecutionSpec, handlers: ExecutionHandlers) => Promise<ExecutionResult>;
  /** Kills and removes whatever dead predecessors left on this host; returns the attempts that were still recorded as live. */
  sweep: () => Promise<{ id: string; runId: string; attempt: number }[]>;
  /**
   * Everything that runs is killed, and counts as cancelled, at this moment of `monotonicMs` unless a later one is given
   * before: also when this process is stopped or too busy to do it then.
   */
  endAt: (deadlineMs: number) => void;
  /** Kills everything still running and removes the subtree. */
  close: () => Promise<void>;
};
