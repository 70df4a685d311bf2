import { readFile, rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";

import { detectDriver } from "./cgroup/detect.ts";
import type { Cgroup, CgroupDriver } from "./cgroup/driver.ts";
import { ExecutorSetupError } from "./errors.ts";
import { execute } from "./execute.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";
import type { Slot } from "./launch.ts";
import { openManifests } from "./manifest.ts";
import type { AttemptManifest, CgroupKind, WorkerManifest } from "./manifest.ts";
import { ownIdentity } from "./process-identity.ts";
import { proveSandbox } from "./prove-sandbox.ts";
import { resultOf } from "./result.ts";
import { findRuntimes } from "./runtimes.ts";
import { unusable } from "./sandbox.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { openScratch, shareFile, writeAccounts } from "./scratch.ts";
import { seccompFilter } from "./seccomp.ts";
import { makePipes } from "./stdio.ts";
import type { SlotPipes } from "./stdio.ts";
import { sweep } from "./sweep.ts";
import { findTools } from "./tools.ts";
import type { ExecutionHandlers, ExecutionResult, ExecutionSpec, Executor, ExecutorOptions } from "./types.ts";
import { UIDS_A_WORKER, chooseUids } from "./uids.ts";

const KINDS: Record<CgroupDriver["name"], CgroupKind> = { "cgroup-v2": "v2", "cgroup-v1": "v1", none: "none" };

/**
 * Makes this host ready to execute scripts.
 * @throws ExecutorSetupError with one sentence and the remedy when it can't hold them as promised.
 */
export async function createExecutor(options: ExecutorOptions): Promise<Executor> {
  const { instance, maxConcurrent } = options;
  if (maxConcurrent < 1 || maxConcurrent > UIDS_A_WORKER) throw new RangeError(`A worker has between 1 and ${UIDS_A_WORKER} slots.`);
  // It becomes a part of paths, in the cgroup file system among others.
  if (!/^[a-z0-9-]+$/.test(instance)) throw new RangeError(`An instance is named with a-z, 0-9 and -, not ${JSON.stringify(instance)}.`);
  closeInheritedDescriptors();
  const isRoot = process.getuid?.() === 0;
  const tools = await findTools(isRoot);
  const scratch = await openScratch(resolve(options.directory));
  const driver = await detectDriver(instance, options.allowUnenforced);
  const worker = await ownIdentity();
  const attempts = await openManifests<AttemptManifest>(join(scratch.private, "attempts"));
  const workers = await openManifests<WorkerManifest>(join(scratch.private, "workers"));
  const pipesDirectory = join(scratch.private, `pipes-${instance}`);
  const own: WorkerManifest = { id: "worker", instance, worker, cgroup: { kind: KINDS[driver.name], directories: driver.directories }, pipesDirectory };
  await workers.write(own);
  const program = await shareFile(scratch, process.execPath, "node");
  const runtimes = await findRuntimes({ interpreter: process.execPath, program });
  const sandbox: SandboxOptions = { ...tools, seccomp: seccompFilter(), accounts: await writeAccounts(scratch) };
  const slots = await makeSlots(await makePipes(pipesDirectory, maxConcurrent), isRoot);
  const live = new Set<Promise<ExecutionResult>>();
  const closing = new AbortController();

  const runAttempt = async (spec: ExecutionSpec, handlers: ExecutionHandlers): Promise<ExecutionResult> => {
    const refuse = (spawnFailure: string | null, internalFailure: string | null) => resultOf(spec, driver.name, { spawnFailure, internalFailure });
    if (!/^[A-Za-z0-9._-]+$/.test(spec.id)) return refuse(null, `an attempt can't be named ${JSON.stringify(spec.id)}.`);
    const problem = unusable(spec);
    if (problem !== null) return refuse(problem, null);
    const runtime = runtimes.find(({ id }) => id === spec.language);
    if (runtime === undefined) return refuse(`this worker has no interpreter for ${spec.language}.`, null);
    const slot = slots.pop();
    if (slot === undefined) return refuse(null, `all ${maxConcurrent} slots of this executor are taken.`);
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
      const manifest = { id: spec.id, instance, worker, runId: spec.runId, attempt: spec.attempt, cgroup: { kind: KINDS[driver.name], directories: cgroup.directories } };
      const place = { sandbox, slot, driver, cgroup, runtime, record: () => attempts.write(manifest), closing: closing.signal };
      return await execute({ ...place, tidy: () => quietly(tidy) }, spec, handlers);
    } catch (error) {
      return refuse(null, error instanceof Error ? error.message : String(error));
    } finally {
      await quietly(tidy);
      // A slot whose last attempt can't be ended is not given to another: they would share a uid and pipes.
      if (tidied) slots.push(slot);
    }
  };

  const executor: Executor = {
    capabilities: {
      runtimes: runtimes.map(({ id, title, fileName, interpreter, version }) => ({ id, title, fileName, interpreter, version })),
      driver: driver.name,
      enforced: driver.name !== "none",
      warnings: warningsOf(driver, isRoot),
      host: { cpuMillis: availableParallelism() * 1000, memoryBytes: totalmem() },
    },
    execute: (spec, handlers) => {
      const attempt = runAttempt(spec, handlers);
      live.add(attempt);
      void attempt.finally(() => live.delete(attempt));
      return attempt;
    },
    sweep: () => sweep(attempts, workers),
    close: async () => {
      closing.abort();
      await Promise.allSettled(live);
      await driver.close();
      await rm(pipesDirectory, { recursive: true, force: true });
      await workers.remove(own);
    },
  };
  try {
    await proveSandbox(executor);
  } catch (error) {
    await executor.close();
    throw error;
  }
  return executor;
}

/** Tries; what can't be ended now keeps its manifest, so that the next sweep ends it. The attempt's result is not its fault. */
async function quietly(tidy: () => Promise<void>): Promise<void> {
  try {
    await tidy();
  } catch {
    return;
  }
}

async function makeSlots(pipes: SlotPipes[], isRoot: boolean): Promise<Slot[]> {
  if (!isRoot) return pipes.map((slotPipes) => ({ uid: null, pipes: slotPipes }));
  const uids = chooseUids(await readFile("/proc/self/uid_map", "utf8"), process.pid, pipes.length);
  if (uids === null) {
    throw new ExecutorSetupError("sandbox_refused", `This user namespace has no ${pipes.length} uids to spare for scripts. Map more of them to the container, or run the worker as an ordinary user.`);
  }
  return pipes.map((slotPipes, index) => ({ uid: uids[index] ?? null, pipes: slotPipes }));
}

function warningsOf(driver: CgroupDriver, isRoot: boolean): string[] {
  return [
    ...(driver.name === "none" ? ["Scripts run WITHOUT kernel limits on this host (CORRAL_ALLOW_UNENFORCED=1): memory, CPU and process limits are not enforced."] : []),
    ...(driver.name === "cgroup-v1" ? ["This host uses cgroup v1: an out-of-memory script is ended within a quarter of a second instead of at once."] : []),
    ...(isRoot ? [] : ["The worker is not root: all scripts share its uid, kept apart by namespaces alone."]),
  ];
}
