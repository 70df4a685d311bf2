import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { createAttemptRunner } from "./attempt-runner.ts";
import { createDeadMan } from "./dead-man.ts";
import { detectDriver } from "./cgroup/detect.ts";
import type { CgroupDriver } from "./cgroup/driver.ts";
import { ExecutorSetupError } from "./errors.ts";
import { hostSize, processLimit } from "./host-size.ts";
import { hostWarnings } from "./host-warnings.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";
import type { Slot } from "./launch.ts";
import { openManifests } from "./manifest.ts";
import type { AttemptManifest, CgroupKind, WorkerManifest } from "./manifest.ts";
import { ownIdentity } from "./process-identity.ts";
import { findRuntimes } from "./runtimes.ts";
import { openScratch, shareFile } from "./scratch.ts";
import type { ExecutionGround } from "./result.ts";
import { INNER_UID, makeScriptEtc } from "./script-etc.ts";
import { seccompFilter } from "./seccomp.ts";
import { makePipes } from "./stdio.ts";
import type { SlotPipes } from "./stdio.ts";
import { sweep } from "./sweep.ts";
import { findNetworkTools, findTools } from "./tools.ts";
import type { Executor, ExecutorOptions } from "./types.ts";
import { UIDS_A_WORKER, chooseUids } from "./uids.ts";
import { firstThatWorks, possibleWays } from "./ways.ts";
import type { Way } from "./ways.ts";

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
  const networkTools = await findNetworkTools();
  const scratch = await openScratch(resolve(options.directory));
  const host = hostSize();
  const together = { memoryBytes: options.memoryBytes ?? Math.floor(host.memoryBytes * 0.9), pidsMax: await processLimit() };
  const driver = await detectDriver(instance, together, options.allowUnenforced);
  const kind = KINDS[driver.name];
  const worker = await ownIdentity();
  const attempts = await openManifests<AttemptManifest>(join(scratch.private, "attempts"));
  const workers = await openManifests<WorkerManifest>(join(scratch.private, "workers"));
  const pipesDirectory = join(scratch.private, `pipes-${instance}`);
  const etcDirectory = join(scratch.shared, `etc-${instance}`);
  const seccompFile = join(pipesDirectory, "seccomp");
  const own: WorkerManifest = { id: "worker", instance, worker, cgroup: { kind, directories: driver.directories }, scratch: [pipesDirectory, etcDirectory] };
  const withdraw = async () => {
    await driver.close();
    for (const directory of own.scratch) await rm(directory, { recursive: true, force: true });
    await workers.remove(own);
  };
  await workers.write(own);
  try {
    const runtimes = await findRuntimes({ interpreter: process.execPath, program: await shareFile(scratch, process.execPath, "node") });
    const slots = await makeSlots(await makePipes(pipesDirectory, maxConcurrent), isRoot);
    await writeFile(seccompFile, seccompFilter());
    const binds = runtimes.flatMap(({ program, bindAt }) => (bindAt === null ? [] : [{ from: program, to: bindAt }]));
    const deadMan = createDeadMan({
      kind,
      directories: driver.directories,
      // It has no deadline before this executor is made.
      onEnded: () => {
        runner.noteCutOff();
        options.onDeadline?.();
      },
    });
    const runnerOn = async ({ isolation, network }: Way) => {
      const seenAs = isolation === "root" ? slots.map((slot) => slot.uid ?? INNER_UID) : [INNER_UID];
      const sandbox = {
        ...tools,
        isolation,
        network: network === "isolated" ? networkTools : null,
        seccompFile,
        binds,
        etc: await makeScriptEtc(etcDirectory, seenAs),
      };
      const ground: ExecutionGround = { driver: driver.name, isolation, network };
      return {
        ground,
        runner: createAttemptRunner({ instance, worker, driver, kind, attempts, sandbox, runtimes, slots, ground, isOverdue: deadMan.hasPassed }),
      };
    };
    const ways = possibleWays(options.isolation, isRoot, networkTools !== null);
    const { made, networkRefusal } = await firstThatWorks(ways, runnerOn, runtimes);
    const { ground, runner } = made;
    return {
      capabilities: {
        ...ground,
        runtimes: runtimes.map(({ id, title, fileName, interpreter, version }) => ({ id, title, fileName, interpreter, version })),
        enforced: driver.name !== "none",
        warnings: hostWarnings(ground, isRoot, networkRefusal),
        host,
      },
      execute: runner.run,
      sweep: () => sweep(attempts, workers),
      endAt: deadMan.endAt,
      close: async () => {
        await runner.close();
        deadMan.close();
        await withdraw();
      },
    };
  } catch (error) {
    await withdraw();
    throw error;
  }
}

async function makeSlots(pipes: SlotPipes[], isRoot: boolean): Promise<Slot[]> {
  if (!isRoot) return pipes.map((slotPipes, index) => ({ index, uid: null, pipes: slotPipes }));
  const uids = chooseUids(await readFile("/proc/self/uid_map", "utf8"), process.pid, pipes.length);
  if (uids === null) {
    throw new ExecutorSetupError(
      "sandbox_refused",
      `This user namespace has no ${pipes.length} uids to spare for scripts. Map more of them to the container, or run the worker as an ordinary user.`,
    );
  }
  return pipes.map((slotPipes, index) => ({ index, uid: uids[index] ?? null, pipes: slotPipes }));
}
