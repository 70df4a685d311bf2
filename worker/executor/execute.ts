import { statfs } from "node:fs/promises";
import { constants } from "node:os";
import { once } from "node:events";

import { captureOutput } from "./capture-output.ts";
import type { Capture } from "./capture-output.ts";
import type { Cgroup, CgroupDriver, CgroupStats } from "./cgroup/driver.ts";
import { SANDBOX_PROCESSES } from "./cgroup/driver.ts";
import { hasCode } from "./errors.ts";
import { closeFd, launch, scriptProcesses } from "./launch.ts";
import type { Launched, SandboxOptions, Slot } from "./launch.ts";
import { decideOutcome, describeOutcome, signalSender } from "./outcome.ts";
import type { AttemptFacts, TerminationReason } from "./outcome.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { createThrashDetector } from "./thrash-detector.ts";
import type { ExecutionHandlers, ExecutionResult, ExecutionSpec } from "./types.ts";

const SAMPLE_MS = 250;
/** After the script's end a daemon may still hold its output open; it is dead by then, so this only guards. */
const CLOSE_GUARD_MS = 2_000;

export type ExecuteOptions = { sandbox: SandboxOptions; slot: Slot; driver: CgroupDriver; cgroup: Cgroup; runtime: InstalledRuntime | undefined };

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/**
 * Runs one attempt in its cgroup to its end and tells how it ended. When it resolves no process of it is left; the
 * cgroup is still there, for its owner to remove.
 */
export async function execute({ sandbox, slot, driver, cgroup, runtime }: ExecuteOptions, spec: ExecutionSpec, handlers: ExecutionHandlers): Promise<ExecutionResult> {
  const facts = { spawnFailure: null as string | null, internalFailure: null as string | null };
  let terminatedFor: TerminationReason | null = null;
  let exit: { code: number | null; signal: string | null } = { code: null, signal: null };
  let leftoverProcesses = 0;
  let diskFreeBytes: number | null = null;
  let startedAt = Date.now();
  let began = performance.now();
  let wallMs = 0;
  let pidsPeak = 0;
  let peakMemoryBytes = 0;
  const thrash = createThrashDetector(spec.limits.memoryBytes);
  const sinceStart = () => performance.now() - began;
  let launched: Launched | null = null;

  const terminate = (reason: TerminationReason) => {
    if (terminatedFor !== null) return;
    terminatedFor = reason;
    if (launched !== null) void end(cgroup, launched, reason === "oom" || reason === "output_limit" ? 0 : spec.gracePeriodMs).catch(noteInternal);
  };
  const noteInternal = (error: unknown) => {
    facts.internalFailure ??= String(error);
  };
  const onAbort = () => terminate("cancel");

  const capture: Capture = captureOutput({
    maxBytes: spec.limits.outputMaxBytes,
    now: sinceStart,
    onChunk: async (chunk) => handlers.onOutput?.(chunk),
    onLimit: () => {
      if (spec.onOutputLimit === "end") terminate("output_limit");
    },
  });

  const sample = async (): Promise<CgroupStats> => {
    const stats = await cgroup.stats();
    pidsPeak = Math.max(pidsPeak, stats.pidsPeak, stats.pids);
    peakMemoryBytes = Math.max(peakMemoryBytes, stats.peakMemoryBytes, stats.memoryBytes);
    thrash.add(stats);
    return stats;
  };

  if (handlers.signal?.aborted === true) terminatedFor = "cancel";
  handlers.signal?.addEventListener("abort", onAbort);
  const timers: NodeJS.Timeout[] = [];
  try {
    if (terminatedFor === null && runtime === undefined) facts.spawnFailure = `this worker has no interpreter for ${spec.language}.`;
    if (terminatedFor === null && runtime !== undefined) {
      launched = await launch(sandbox, slot, cgroup, runtime, spec);
      const { child, stdout, stderr } = launched;
      const exited = once(child, "exit");
      capture.read(stdout, "stdout");
      capture.read(stderr, "stderr");
      startedAt = Date.now();
      began = performance.now();
      timers.push(setTimeout(() => terminate("timeout"), spec.limits.timeoutMs));
      timers.push(
        setInterval(() => {
          sample()
            .then((stats) => {
              const { memoryBytes, cpuMs, throttledMs, pids } = stats;
              handlers.onUsage?.({ atMs: sinceStart(), memoryBytes, cpuMs, throttledMs, pids: Math.max(0, pids - SANDBOX_PROCESSES) });
              // v1 kills one process and lets the rest go on; v2 does this by itself (memory.oom.group).
              if (driver.name === "cgroup-v1" && stats.oomKills > 0) terminate("oom");
            })
            .catch(noteInternal);
        }, SAMPLE_MS),
      );
      // Aborted while the sandbox was being made: nothing of the script has run.
      if (isAborted(handlers.signal)) terminate("cancel");
      launched.release();
      await exited;
      wallMs = sinceStart();
      exit = statusOf(launched);
      const remark = launched.remark();
      if ((exit.code === 126 || exit.code === 127) && remark !== null && remark !== "" && exit.signal === null) facts.spawnFailure = remark;
      leftoverProcesses = (await cgroup.processes()).length;
    }
  } catch (error) {
    if (hasCode(error, "E2BIG")) facts.spawnFailure = "its arguments are longer than the system allows together.";
    else if (hasCode(error, "EAGAIN", "ENOMEM", "EMFILE", "ENFILE")) noteInternal(error);
    else facts.spawnFailure = error instanceof Error ? error.message : String(error);
  } finally {
    handlers.signal?.removeEventListener("abort", onAbort);
    for (const timer of timers) clearTimeout(timer);
  }

  try {
    await cgroup.liftCpuQuota();
    await cgroup.kill();
    await capture.finish(CLOSE_GUARD_MS);
    if (launched?.workspace != null) {
      const { bavail, bsize } = await statfs(`/proc/self/fd/${launched.workspace}`);
      diskFreeBytes = bavail * bsize;
    }
  } catch (error) {
    noteInternal(error);
  } finally {
    if (launched?.workspace != null) await closeFd(launched.workspace);
  }

  const stats = await sample();
  const output = capture.totals();
  const attempt: AttemptFacts = {
    ...facts,
    terminatedFor,
    exitCode: exit.signal === null ? exit.code : null,
    signal: exit.signal,
    evidence: {
      oomKills: stats.oomKills,
      thrashing: thrash.isThrashing(),
      pidsLimitHits: stats.pidsLimitHits,
      diskFreeBytes,
      leftoverProcesses,
      peakMemoryBytes,
      cpuMs: stats.cpuMs,
      throttledMs: stats.throttledMs,
      pidsPeak: Math.max(0, pidsPeak - SANDBOX_PROCESSES),
      wallMs,
      keptBytes: output.keptBytes,
      droppedBytes: output.droppedBytes,
      limits: spec.limits,
      driver: driver.name,
      enforced: driver.name !== "none",
      network: spec.network ? "host" : "off",
    },
  };
  const outcome = decideOutcome(attempt);
  return {
    outcome,
    message: describeOutcome(outcome, attempt),
    exitCode: attempt.exitCode,
    signal: attempt.signal,
    startedAt,
    finishedAt: startedAt + Math.round(wallMs),
    usage: {
      wallMs: Math.round(wallMs),
      cpuMs: Math.round(stats.cpuMs),
      peakMemoryBytes: attempt.evidence.peakMemoryBytes,
      throttledMs: Math.round(stats.throttledMs),
      pidsPeak: attempt.evidence.pidsPeak,
    },
    output: { stdoutBytes: output.stdoutBytes, stderrBytes: output.stderrBytes, droppedBytes: output.droppedBytes },
    evidence: {
      ...attempt.evidence,
      exitCode: attempt.exitCode,
      signal: attempt.signal,
      signalSentBy: signalSender(attempt),
      detail: facts.internalFailure ?? facts.spawnFailure,
    },
  };
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** SIGTERM to the script's processes, a grace period, then the end of everything. */
async function end(cgroup: Cgroup, launched: Launched, gracePeriodMs: number): Promise<void> {
  const { child } = launched;
  // The quota is lifted first: what is throttled can neither clean up nor die.
  await cgroup.liftCpuQuota();
  if (gracePeriodMs > 0) {
    for (const pid of await scriptProcesses(cgroup, launched)) {
      try {
        process.kill(pid, "SIGTERM");
      } catch (error) {
        if (!hasCode(error, "ESRCH")) throw error;
      }
    }
    let timer: NodeJS.Timeout | undefined;
    const exited = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit");
    await Promise.race([
      exited,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, gracePeriodMs);
      }),
    ]);
    clearTimeout(timer);
  }
  child.kill("SIGKILL");
  await cgroup.kill();
}

/** The script's own exit code or signal, from what bubblewrap and the reporter said. */
function statusOf(launched: Launched): { code: number | null; signal: string | null } {
  const code = launched.exitCode();
  // bubblewrap itself was killed, and the script with it.
  if (code === null) return { code: null, signal: "SIGKILL" };
  // A plain exit leaves no remark; a signal leaves its name, or the reporter was killed along with the script.
  const signal = code > 128 && launched.remark() !== "" ? (SIGNALS.get(code - 128) ?? null) : null;
  return { code, signal };
}
