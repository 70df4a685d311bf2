import type { CgroupDriver } from "./cgroup/driver.ts";
import type { ScriptEnd } from "./reporter.ts";
import { decideOutcome, signalSender } from "./outcome.ts";
import type { AttemptFacts, TerminationReason } from "./outcome.ts";
import { describeOutcome } from "./describe-outcome.ts";
import type { ExecutionResult, ExecutionSpec, Isolation, NetworkKind } from "./types.ts";
import type { WatchedUsage } from "./watch-usage.ts";

/** Where attempts run on this host. */
export type ExecutionGround = { driver: CgroupDriver["name"]; isolation: Isolation; network: NetworkKind };

/** What was seen of one attempt; what never came to be is left out. */
export type Observed = {
  internalFailure: string | null;
  spawnFailure?: string | null;
  terminatedFor?: TerminationReason | null;
  end?: ScriptEnd | null;
  usage?: WatchedUsage | null;
  /** When the script began (host's clock) and how long it took (monotonic), milliseconds. */
  startedAt?: number;
  wallMs?: number;
  cgroup?: string | null;
  leftoverProcesses?: number;
  diskFreeBytes?: number | null;
  output?: { stdoutBytes: number; stderrBytes: number; keptBytes: number; droppedBytes: number };
};

const NO_OUTPUT = { stdoutBytes: 0, stderrBytes: 0, keptBytes: 0, droppedBytes: 0 };

/** Puts what was observed into a result: its outcome, its sentence and its evidence. Pure but for the time of an attempt that never began. */
export function resultOf(spec: ExecutionSpec, { driver, isolation, network }: ExecutionGround, observed: Observed): ExecutionResult {
  const { end = null, usage = null, output = NO_OUTPUT, startedAt = Date.now() } = observed;
  const wallMs = Math.round(observed.wallMs ?? 0);
  const facts: AttemptFacts = {
    terminatedFor: observed.terminatedFor ?? null,
    spawnFailure: observed.spawnFailure ?? end?.startFailure ?? null,
    internalFailure: observed.internalFailure,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    evidence: {
      oomKills: usage?.oomKills ?? 0,
      thrashing: usage?.thrashing ?? false,
      pidsLimitHits: usage?.pidsLimitHits ?? 0,
      diskFreeBytes: observed.diskFreeBytes ?? null,
      leftoverProcesses: observed.leftoverProcesses ?? 0,
      peakMemoryBytes: usage?.peakMemoryBytes ?? 0,
      cpuMs: Math.round(usage?.cpuMs ?? 0),
      throttledMs: Math.round(usage?.throttledMs ?? 0),
      pidsPeak: usage?.pidsPeak ?? 0,
      wallMs,
      keptBytes: output.keptBytes,
      droppedBytes: output.droppedBytes,
      limits: spec.limits,
      driver,
      enforced: driver !== "none",
      isolation,
      cgroup: observed.cgroup ?? null,
      network: spec.network ? network : "off",
    },
  };
  const { evidence, exitCode, signal } = facts;
  const outcome = decideOutcome(facts);
  const detail = outcome === "spawn_error" ? facts.spawnFailure : outcome === "internal_error" ? facts.internalFailure : null;
  return {
    outcome,
    message: describeOutcome(outcome, facts),
    exitCode,
    signal,
    startedAt,
    finishedAt: startedAt + wallMs,
    usage: { wallMs, cpuMs: evidence.cpuMs, peakMemoryBytes: evidence.peakMemoryBytes, throttledMs: evidence.throttledMs, pidsPeak: evidence.pidsPeak },
    output: { stdoutBytes: output.stdoutBytes, stderrBytes: output.stderrBytes, droppedBytes: output.droppedBytes },
    evidence: { ...evidence, exitCode, signal, signalSentBy: signalSender(facts), detail },
  };
}
