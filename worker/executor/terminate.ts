import { hasCode } from "./errors.ts";
import type { TerminationReason } from "./outcome.ts";
import type { Parked } from "./parking.ts";

/** How often a script that has no process yet, or again, is looked for within its grace period, milliseconds. */
const RETRY_MS = 20;

/** Ends one attempt: the first reason stands, whatever follows. */
export type Termination = {
  /** SIGTERM, the grace period, then the kill of everything; with no grace period the kill at once. */
  request: (reason: TerminationReason, gracePeriodMs: number) => void;
  /** No more grace for what was asked to end. */
  hasten: () => void;
  isRequested: () => boolean;
  /** The script is about to begin; before this a request only notes its reason. */
  arm: (parked: Parked) => void;
  /**
   * The script has ended: nothing is signalled any more. Resolves with the reason, or null also when one was given
   * in the very moment in which the script ended by itself: that end is its own.
   */
  conclude: () => Promise<TerminationReason | null>;
};

/** @param onFailure what is told when the kernel did not let us end it */
export function createTermination(onFailure: (error: unknown) => void): Termination {
  let requested: { reason: TerminationReason; gracePeriodMs: number } | null = null;
  let script: Parked | null = null;
  let ended = false;
  let interfered = false;
  let killing: Promise<void> | null = null;
  const timers = new Set<NodeJS.Timeout>();

  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      try {
        run();
      } catch (error) {
        onFailure(error);
      }
    }, ms);
    timers.add(timer);
  };

  const kill = () => {
    if (ended || killing !== null || script === null) return;
    const { cgroup, launched } = script;
    interfered = true;
    // The quota is lifted first: what is throttled can't die (moby#37326: 61 spinners took 5 s, 20 ms without).
    killing = (async () => {
      try {
        cgroup.liftCpuQuota();
        await launched.kill();
        await cgroup.kill();
      } catch (error) {
        onFailure(error);
      }
    })();
  };

  /**
   * SIGTERM goes to each of the script's processes by its pid out here: to bubblewrap it would end the sandbox without
   * any grace, and to the sandbox's first process it would be ignored. SIGCONT lets one that is stopped take it.
   */
  const ask = () => {
    if (ended || killing !== null || script === null) return;
    const { cgroup, launched } = script;
    let asked = false;
    for (const pid of cgroup.processes()) {
      // A 0 would be a process from outside our pid namespace; to kill(2) it means our own group.
      if (pid > 0 && !launched.sandboxPids.has(pid)) asked = [signal(pid, "SIGTERM"), signal(pid, "SIGCONT")].includes(true) || asked;
    }
    interfered ||= asked;
    // Nobody there: it ends this moment, or has not begun.
    if (!asked) later(RETRY_MS, ask);
  };

  const act = () => {
    if (script === null || requested === null) return;
    if (requested.gracePeriodMs <= 0) return kill();
    later(requested.gracePeriodMs, kill);
    ask();
  };

  return {
    request: (reason, gracePeriodMs) => {
      if (requested !== null || ended) return;
      requested = { reason, gracePeriodMs };
      act();
    },
    hasten: () => {
      if (requested === null) return;
      requested.gracePeriodMs = 0;
      act();
    },
    isRequested: () => requested !== null,
    arm: (parked) => {
      script = parked;
      act();
    },
    conclude: async () => {
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      await killing;
      return requested === null || (script !== null && !interfered) ? null : requested.reason;
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    // It has ended; or, without root, it is no process of ours.
    if (hasCode(error, "ESRCH", "EPERM")) return false;
    throw error;
  }
}
