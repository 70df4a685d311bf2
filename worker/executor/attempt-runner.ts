import type { Cgroup, CgroupDriver } from "./cgroup/driver.ts";
import { execute } from "./execute.ts";
import type { Slot } from "./launch.ts";
import type { AttemptManifest, CgroupKind, Manifests } from "./manifest.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { resultOf } from "./result.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { unusable } from "./sandbox.ts";
import type { SandboxOptions } from "./sandbox.ts";
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
};

export type AttemptRunner = {
  /** Runs one attempt. Never rejects: our own faults are results too. */
  run: (spec: ExecutionSpec, handlers: ExecutionHandlers) => Promise<ExecutionResult>;
  /** Ends what runs, without grace, and resolves when all of it has ended. */
  close: () => Promise<void>;
};

/** Gives each attempt a slot, a cgroup and a manifest, and takes them back. */
export function createAttemptRunner({ instance, worker, driver, kind, attempts, sandbox, runtimes, slots }: RunnerOptions): AttemptRunner {
  const slotCount = slots.length;
  const free = [...slots];
  const live = new Set<Promise<ExecutionResult>>();
  const closing = new AbortController();

  const runOnce = async (spec: ExecutionSpec, handlers: ExecutionHandlers): Promise<ExecutionResult> => {
    const refuse = (spawnFailure: string | null, internalFailure: string | null) => resultOf(spec, driver.name, { spawnFailure, internalFailure });
    // It becomes a part of paths, in the cgroup file system among others.
    if (!/^[A-Za-z0-9._-]+$/.test(spec.id)) return refuse(null, `an attempt can't be named ${JSON.stringify(spec.id)}.`);
    const problem = unusable(spec);
    if (problem !== null) return refuse(problem, null);
    const runtime = runtimes.find(({ id }) => id === spec.language);
    if (runtime === undefined) return refuse(`this worker has no interpreter for ${spec.language}.`, null);
    const slot = free.pop();
    if (slot === undefined) return refuse(null, `all ${slotCount} slots of this executor are taken.`);
    let cgroup: Cgroup | null = null;
    let tidied = false;
    const tidy = async () => {
      if (tidied) return;
      await cgroup?.kill();
      await cgroup?.destroy();
      await attempts.remove({ id: spec.id, instance });
      tidied = true;
    };
    try {
      cgroup = await driver.create(spec.id, spec.limits);
      const manifest = { id: spec.id, instance, worker, runId: spec.runId, attempt: spec.attempt, cgroup: { kind, directories: cgroup.directories } };
      const place = { sandbox, slot, driver, cgroup, runtime, record: () => attempts.write(manifest), closing: closing.signal };
      return await execute({ ...place, tidy: () => quietly(tidy) }, spec, handlers);
    } catch (error) {
      return refuse(null, error instanceof Error ? error.message : String(error));
    } finally {
      await quietly(tidy);
      // A slot whose last attempt can't be ended is not given to another: they would share a uid and pipes.
      if (tidied) free.push(slot);
    }
  };

  return {
    run: (spec, handlers) => {
      const attempt = runOnce(spec, handlers);
      live.add(attempt);
      void attempt.finally(() => live.delete(attempt));
      return attempt;
    },
    close: async () => {
      closing.abort();
      await Promise.allSettled(live);
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
