import { statfs } from "node:fs/promises";

import { captureOutput } from "./capture-output.ts";
import { hasCode } from "./errors.ts";
import { SandboxError } from "./launch.ts";
import type { Parked } from "./parking.ts";
import type { ScriptEnd } from "./reporter.ts";
import { resultOf } from "./result.ts";
import type { ExecutionGround } from "./result.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { startProgram } from "./start-program.ts";
import { createTermination } from "./terminate.ts";
import type { ExecutionHandlers, ExecutionResult, ExecutionSpec } from "./types.ts";
import { watchUsage } from "./watch-usage.ts";
import type { UsageWatch } from "./watch-usage.ts";

/** After the script's end a daemon may still hold its output open; it is dead by then, so this only guards. */
const CLOSE_GUARD_MS = 2_000;
/** The longest that a timer of Node's can wait; beyond it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

export type AttemptPlace = {
  /** The sandbox that the attempt is to run in. @throws SandboxError */
  acquire: () => Promise<Parked>;
  /** Makes the attempt known to a successor; the script does not begin before. */
  record: (parked: Parked) => Promise<void>;
  /** Called when nothing of the attempt runs any more and its counters are read, before the taker of its output is waited for. */
  tidy: () => Promise<void>;
  runtime: InstalledRuntime;
  ground: ExecutionGround;
  /** Aborted when the worker closes: there is no grace then. */
  closing: AbortSignal;
  /** The deadline has passed, and everything was killed from outside this process. */
  wasCutOff: () => boolean;
};

/** Runs one attempt to its end and tells how it ended. When it resolves nothing of it is left. */
export async function execute(place: AttemptPlace, spec: ExecutionSpec, handlers: ExecutionHandlers): Promise<ExecutionResult> {
  const { ground } = place;
  let internalFailure: string | null = null;
  let spawnFailure: string | null = null;
  let parked: Parked | null = null;
  let watch: UsageWatch | null = null;
  let end: ScriptEnd | null = null;
  let outlived = 0;
  let diskFreeBytes: number | null = null;
  let startedAt = Date.now();
  let began = performance.now();
  let wallMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const now = () => performance.now() - began;
  const onFailure = (error: unknown) => {
    internalFailure ??= error instanceof Error ? error.message : String(error);
  };
  const termination = createTermination(onFailure);
  const capture = captureOutput({
    maxBytes: spec.limits.outputMaxBytes,
    secrets: spec.secrets ?? [],
    now,
    onChunk: async (chunk) => handlers.onOutput?.(chunk),
    onLimit: () => {
      if (spec.onOutputLimit === "end") termination.request("output_limit", spec.gracePeriodMs);
    },
    onFailure,
  });
  const onCancel = () => termination.request("cancel", spec.gracePeriodMs);
  const onClose = () => {
    termination.request("cancel", 0);
    termination.hasten();
  };
  const stopListening = [listen(handlers.signal, onCancel), listen(place.closing, onClose)];

  try {
    parked = await place.acquire();
    if (!termination.isRequested()) await prepare(place, parked, spec);
    if (!termination.isRequested()) {
      const { cgroup, launched } = parked;
      capture.read(launched.stdio.stdout, "stdout");
      capture.read(launched.stdio.stderr, "stderr");
      startedAt = Date.now();
      began = performance.now();
      watch = watchUsage({
        cgroup,
        memoryLimitBytes: spec.limits.memoryBytes,
        now,
        onUsage: (sample) => handlers.onUsage?.(sample),
        onOomKill: () => {
          // v1 kills one process and lets the rest go on; v2 does this by itself (memory.oom.group).
          if (ground.driver === "cgroup-v1") termination.request("oom", 0);
        },
        onFailure,
      });
      const onTimeout = () => {
        watch?.noteTimeout();
        termination.request("timeout", spec.gracePeriodMs);
      };
      timer = setTimeout(onTimeout, Math.min(spec.limits.timeoutMs, LONGEST_MS));
      termination.arm(parked);
      launched.release(startProgram(place.runtime, spec));
      end = await launched.ended;
      wallMs = now();
      // Only where the reporter was killed: by now the kernel may have killed some of them already.
      outlived = end.leftovers ?? cgroup.processes().filter((pid) => !launched.sandboxPids.has(pid)).length;
    }
  } catch (error) {
    if (error instanceof SandboxError) spawnFailure = error.message;
    else onFailure(error);
  }
  clearTimeout(timer);
  for (const stop of stopListening) stop();
  const concluded = await termination.conclude();

  if (parked !== null) {
    const { cgroup, launched } = parked;
    try {
      cgroup.liftCpuQuota();
      await cgroup.kill();
      await capture.drain(CLOSE_GUARD_MS);
      if (launched.workspace !== null) {
        const { bavail, bsize } = await statfs(`/proc/self/fd/${launched.workspace}`);
        diskFreeBytes = bavail * bsize;
      }
    } catch (error) {
      onFailure(error);
    }
  }
  const usage = watch?.finish() ?? null;
  await place.tidy();
  const terminatedFor = place.wasCutOff() && (end === null || end.signal === "SIGKILL") ? "cancel" : concluded;
  await capture.delivered();
  return resultOf(spec, ground, {
    internalFailure,
    spawnFailure,
    terminatedFor,
    end,
    usage,
    startedAt,
    wallMs,
    cgroup: parked?.cgroup.path ?? null,
    leftoverProcesses: outlived,
    diskFreeBytes,
    output: capture.totals(),
  });
}

/** The limits are set while the attempt is being made known. */
async function prepare(place: AttemptPlace, parked: Parked, spec: ExecutionSpec): Promise<void> {
  const recorded = place.record(parked);
  try {
    setLimits(parked, spec);
  } finally {
    // Also when there is nothing to begin: what is half written can't be removed.
    await recorded;
  }
}

/** @throws SandboxError when less memory is allowed than the empty sandbox itself uses */
function setLimits({ cgroup }: Parked, { limits }: ExecutionSpec) {
  try {
    cgroup.setLimits(limits);
  } catch (error) {
    if (hasCode(error, "EBUSY")) throw new SandboxError("its memory limit is smaller than an empty sandbox. Raise memoryBytes.");
    throw error;
  }
}

/** Calls back once the signal aborts, also when it already has; returns what stops that. */
function listen(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) callback();
  else signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}
