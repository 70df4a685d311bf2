import type { CgroupDriver } from "./cgroup/driver.ts";
import { execute } from "./execute.ts";
import type { AttemptManifest, CgroupKind, Manifests } from "./manifest.ts";
import { createParking } from "./parking.ts";
import type { Parked, Parking } from "./parking.ts";
import type { Slot } from "./launch.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { resultOf } from "./result.ts";
import type { ExecutionGround } from "./result.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { unusable } from "./start-program.ts";
import type { ExecutionHandlers, ExecutionResult, ExecutionSpec } from "./types.ts";

export type RunnerOptions = {
  instance: string;
  worker: ProcessIdentity;
  driver: CgroupDriver;
  kind: CgroupKind;
  attempts: Manifests<AttemptManifest>;
  sandbox: SandboxOptions;
  runtimes: InstalledRuntime[];
  slots: Slot[];
  ground: ExecutionGround;
  /** The deadline at which all is killed from outside this process has passed, whether that was heard of already or not. */
  isOverdue: () => boolean;
};

export type AttemptRunner = {
  /** Runs one attempt. Never rejects: our own faults are results too. */
  run: (spec: ExecutionSpec, handlers: ExecutionHandlers) => Promise<ExecutionResult>;
  /** Everything that runs was killed from outside: what so ended was cancelled, and ended by no fault of its own. */
  noteCutOff: () => void;
  /** Ends what runs, without grace, and resolves when all of it has ended. */
  close: () => Promise<void>;
};

/** Gives each attempt a sandbox and a manifest, and takes them back. */
export function createAttemptRunner({ instance, worker, driver, kind, attempts, sandbox, runtimes, slots, ground, isOverdue }: RunnerOptions): AttemptRunner {
  const parking: Parking = createParking({ slots, driver, sandbox });
  const live = new Set<Promise<ExecutionResult>>();
  const closing = new AbortController();
  let cutOff = new AbortController();

  const runOnce = async (spec: ExecutionSpec, handlers: ExecutionHandlers): Promise<ExecutionResult> => {
    const refuse = (spawnFailure: string | null, internalFailure: string | null) => resultOf(spec, ground, { spawnFailure, internalFailure });
    // It becomes a part of paths.
    if (!/^[A-Za-z0-9._-]+$/.test(spec.id)) return refuse(null, `an attempt can't be named ${JSON.stringify(spec.id)}.`);
    const problem = unusable(spec);
    if (problem !== null) return refuse(problem, null);
    const runtime = runtimes.find(({ id }) => id === spec.language);
    if (runtime === undefined) return refuse(`this worker has no interpreter for ${spec.language}.`, null);
    const taking = parking.take({ diskMaxBytes: spec.limits.diskMaxBytes, network: spec.network });
    if (taking === null) return refuse(null, `all ${slots.length} slots of this executor are taken.`);
    let parked: Parked | null = null;
    let tidied = false;
    const tidy = async () => {
      if (tidied || parked === null) return;
      await parking.remove(parked);
      await attempts.remove({ id: spec.id, instance });
      tidied = true;
    };
    const acquire = async () => {
      parked = await taking;
      return parked;
    };
    const record = ({ cgroup, routerCgroup }: Parked) => {
      const directories = [...cgroup.directories, ...(routerCgroup?.directories ?? [])];
      return attempts.write({ id: spec.id, instance, worker, runId: spec.runId, attempt: spec.attempt, cgroup: { kind, directories } });
    };
    const { signal: cutOffSignal } = cutOff;
    const wasCutOff = () => cutOffSignal.aborted || isOverdue();
    try {
      return await execute({ acquire, record, tidy: () => quietly(tidy), runtime, ground, closing: closing.signal, wasCutOff }, spec, handlers);
    } catch (error) {
      return refuse(null, error instanceof Error ? error.message : String(error));
    } finally {
      await quietly(tidy);
      // A slot whose last attempt can't be ended is not given to another: they would share a uid and pipes.
      if (tidied && parked !== null) parking.release((parked as Parked).slot);
    }
  };

  return {
    run: (spec, handlers) => {
      const attempt = runOnce(spec, handlers);
      live.add(attempt);
      void attempt.finally(() => live.delete(attempt));
      return attempt;
    },
    noteCutOff: () => {
      cutOff.abort();
      cutOff = new AbortController();
    },
    close: async () => {
      closing.abort();
      await Promise.allSettled(live);
      await parking.close();
    },
  };
}

/** Tries; what can't be ended now keeps its manifest, so that the next sweep ends it. The attempt's result is not its fault. */
async function quietly(tidy: () => Promise<void>): Promise<void> {
  try {
    await tidy();
  } catch {
    return;
  }
}
