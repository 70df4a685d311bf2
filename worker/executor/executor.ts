import { readFile, rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";

import { createAttemptRunner } from "./attempt-runner.ts";
import { detectDriver } from "./cgroup/detect.ts";
import type { CgroupDriver } from "./cgroup/driver.ts";
import { ExecutorSetupError } from "./errors.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";
import type { Slot } from "./launch.ts";
import { openManifests } from "./manifest.ts";
import type { AttemptManifest, CgroupKind, WorkerManifest } from "./manifest.ts";
import { ownIdentity } from "./process-identity.ts";
import { proveSandbox } from "./prove-sandbox.ts";
import { findRuntimes } from "./runtimes.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { openScratch, shareFile } from "./scratch.ts";
import { makeScriptEtc } from "./script-etc.ts";
import { seccompFilter } from "./seccomp.ts";
import { makePipes } from "./stdio.ts";
import type { SlotPipes } from "./stdio.ts";
import { sweep } from "./sweep.ts";
import { findTools } from "./tools.ts";
import type { Capabilities, Executor, ExecutorOptions } from "./types.ts";
import { UIDS_A_WORKER, chooseUids } from "./uids.ts";

const KINDS: Record<CgroupDriver["name"], CgroupKind> = { "cgroup-v2": "v2", "cgroup-v1": "v1", none: "none" };

/**
 * Makes this host ready to execute scripts, and proves it by running one.
 * @throws ExecutorSetupError with one sentence and the remedy when it can't hold them as promised; nothing is left then.
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
  const kind = KINDS[driver.name];
  const worker = await ownIdentity();
  const attempts = await openManifests<AttemptManifest>(join(scratch.private, "attempts"));
  const workers = await openManifests<WorkerManifest>(join(scratch.private, "workers"));
  const pipesDirectory = join(scratch.private, `pipes-${instance}`);
  const etcDirectory = join(scratch.shared, `etc-${instance}`);
  const own: WorkerManifest = { id: "worker", instance, worker, cgroup: { kind, directories: driver.directories }, scratch: [pipesDirectory, etcDirectory] };
  const withdraw = async () => {
    await driver.close();
    for (const directory of own.scratch) await rm(directory, { recursive: true, force: true });
    await workers.remove(own);
  };
  await workers.write(own);
  try {
    const runtimes = await findRuntimes({ interpreter: process.execPath, program: await shareFile(scratch, process.execPath, "node") });
    const sandbox = { ...tools, seccomp: seccompFilter(), etc: await makeScriptEtc(etcDirectory) };
    const slots = await makeSlots(await makePipes(pipesDirectory, maxConcurrent), isRoot);
    const runner = createAttemptRunner({ instance, worker, driver, kind, attempts, sandbox, runtimes, slots });
    const executor: Executor = {
      capabilities: capabilitiesOf(driver, runtimes, isRoot),
      execute: runner.run,
      sweep: () => sweep(attempts, workers),
      close: async () => {
        await runner.close();
        await withdraw();
      },
    };
    await proveSandbox(executor);
    return executor;
  } catch (error) {
    await withdraw();
    throw error;
  }
}

async function makeSlots(pipes: SlotPipes[], isRoot: boolean): Promise<Slot[]> {
  if (!isRoot) return pipes.map((slotPipes) => ({ uid: null, pipes: slotPipes }));
  const uids = chooseUids(await readFile("/proc/self/uid_map", "utf8"), process.pid, pipes.length);
  if (uids === null) {
    throw new ExecutorSetupError(
      "sandbox_refused",
      `This user namespace has no ${pipes.length} uids to spare for scripts. Map more of them to the container, or run the worker as an ordinary user.`,
    );
  }
  return pipes.map((slotPipes, index) => ({ uid: uids[index] ?? null, pipes: slotPipes }));
}

function capabilitiesOf(driver: CgroupDriver, runtimes: InstalledRuntime[], isRoot: boolean): Capabilities {
  return {
    runtimes: runtimes.map(({ id, title, fileName, interpreter, version }) => ({ id, title, fileName, interpreter, version })),
    driver: driver.name,
    enforced: driver.name !== "none",
    warnings: [
      ...(driver.name === "none"
        ? ["Scripts run WITHOUT kernel limits on this host (CORRAL_ALLOW_UNENFORCED=1): memory, CPU and process limits are not enforced."]
        : []),
      ...(driver.name === "cgroup-v1" ? ["This host uses cgroup v1: an out-of-memory script is ended within a quarter of a second instead of at once."] : []),
      ...(isRoot ? [] : ["The worker is not root: all scripts share its uid, kept apart by namespaces alone."]),
    ],
    host: { cpuMillis: availableParallelism() * 1000, memoryBytes: totalmem() },
  };
}
