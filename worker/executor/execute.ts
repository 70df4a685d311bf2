import { statfs } from "node:fs/promises";

import { captureOutput } from "./capture-output.ts";
import type { Cgroup, CgroupDriver } from "./cgroup/driver.ts";
import { hasCode } from "./errors.ts";
import { SandboxError, closeLaunched, launch } from "./launch.ts";
import type { Launched, Slot } from "./launch.ts";
import type { ScriptEnd } from "./reporter.ts";
import { resultOf } from "./result.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { createTermination } from "./terminate.ts";
import type { ExecutionHandlers, ExecutionResult, ExecutionSpec } from "./types.ts";
import { watchUsage } from "./watch-usage.ts";
import type { UsageWatch } from "./watch-usage.ts";

/** After the script's end a daemon may still hold its output open; it is dead by then, so this only guards. */
const CLOSE_GUARD_MS = 2_000;
/** The longest that a timer of Node's can wait; beyond it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

export type AttemptPlace = {
  sandbox: SandboxOptions;
  slot: Slot;
  driver: CgroupDriver;
  cgroup: Cgroup;
  runtime: InstalledRuntime;
  /** Makes the attempt known to a successor; the script does not begin before. */
  record: () => Promise<void>;
  /** Called when nothing of the attempt runs any more and its counters are read, before the taker of its output is waited for. */
  tidy: () => Promise<void>;
  /** Aborted when the worker closes: there is no grace then. */
  closing: AbortSignal;
};

/** Runs one attempt in its cgroup to its end and tells how it ended. When it resolves nothing of it is left. */
export async function execute(place: AttemptPlace, spec: ExecutionSpec, handlers: ExecutionHandlers): Promise<ExecutionResult> {
  const { cgroup, driver } = place;
  let internalFailure: string | null = null;
  let spawnFailure: string | null = null;
  let launched: Launched | null = null;
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
  const termination = createTermination(cgroup, onFailure);
  const capture = captureOutput({
    maxBytes: spec.limits.outputMaxBytes,
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
    if (!termination.isRequested()) {
      // Settled both: what is left of the one has to be ended also when the other fails.
      const [made, recorded] = await Promise.allSettled([launch(place.sandbox, place.slot, cgroup, place.runtime, spec), place.record()]);
      if (made.status === "fulfilled") launched = made.value;
      if (made.status === "rejected") throw made.reason;
      if (recorded.status === "rejected") throw recorded.reason;
    }
    if (launched !== null && !termination.isRequested()) {
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
          if (driver.name === "cgroup-v1") termination.request("oom", 0);
        },
        onFailure,
      });
      const onTimeout = () => {
        watch?.noteTimeout();
        termination.request("timeout", spec.gracePeriodMs);
      };
      timer = setTimeout(onTimeout, Math.min(spec.limits.timeoutMs, LONGEST_MS));
      cgroup.limitCpu();
      termination.arm(launched);
      launched.release();
      end = await launched.ended;
      wallMs = now();
      const { sandboxPids } = launched;
      // Only where the reporter was killed: by now the kernel may have killed some of them already.
      outlived = end.leftovers ?? cgroup.processes().filter((pid) => !sandboxPids.has(pid)).length;
    }
  } catch (error) {
    if (error instanceof SandboxError) spawnFailure = error.message;
    else if (hasCode(error, "E2BIG")) spawnFailure = "its arguments are longer than the system allows together.";
    else onFailure(error);
  }
  clearTimeout(timer);
  for (const stop of stopListening) stop();
  const terminatedFor = await termination.conclude();

  try {
    await cgroup.liftCpuQuota();
    await cgroup.kill();
    await capture.drain(CLOSE_GUARD_MS);
    const workspace = launched?.workspace ?? null;
    if (workspace !== null) {
      const { bavail, bsize } = await statfs(`/proc/self/fd/${workspace}`);
      diskFreeBytes = bavail * bsize;
    }
  } catch (error) {
    onFailure(error);
  }
  watch ??= watchUsage({ cgroup, memoryLimitBytes: spec.limits.memoryBytes, now, onUsage: () => undefined, onOomKill: () => undefined, onFailure });
  const usage = watch.finish();
  // The workspace's memory stays charged to the cgroup while this holds it.
  if (launched !== null) closeLaunched(launched);
  await place.tidy();
  await capture.delivered();
  return resultOf(spec, driver.name, {
    internalFailure,
    spawnFailure,
    terminatedFor,
    end,
    usage,
    startedAt,
    wallMs,
    leftoverProcesses: outlived,
    diskFreeBytes,
    output: capture.totals(),
  });
}

/** Calls back once the signal aborts, also when it already has; returns what stops that. */
function listen(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) callback();
  else signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}
