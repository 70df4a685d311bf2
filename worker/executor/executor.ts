import { execFile } from "node:child_process";
import { access, constants, rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { detectDriver } from "./cgroup/detect.ts";
import type { Cgroup, CgroupDriver } from "./cgroup/driver.ts";
import { ExecutorSetupError } from "./errors.ts";
import { execute } from "./execute.ts";
import { MINIMAL_ENV } from "./launch.ts";
import type { SandboxOptions, Slot } from "./launch.ts";
import { failedResult } from "./failed-result.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";
import { openManifests } from "./manifest.ts";
import type { AttemptManifest, WorkerManifest } from "./manifest.ts";
import { ownIdentity } from "./process-identity.ts";
import { findRuntimes } from "./runtimes.ts";
import { makePipes, openScratch, shareFile, writeAccounts } from "./scratch.ts";
import { seccompFilter } from "./seccomp.ts";
import { sweep } from "./sweep.ts";
import type { ExecutionResult, Executor, ExecutorOptions } from "./types.ts";

const run = promisify(execFile);

/**
 * Uids for scripts: high above every account, 2048 for each worker process of a host. Two attempts that shared one could
 * signal each other.
 */
const FIRST_UID = 0x1000_0000;
const UIDS_A_WORKER = 2048;
const firstUid = () => FIRST_UID + (process.pid % 65_536) * UIDS_A_WORKER;

/**
 * Makes this host ready to execute scripts.
 * @throws ExecutorSetupError with one sentence and the remedy when it can't hold them as promised.
 */
export async function createExecutor(options: ExecutorOptions): Promise<Executor> {
  if (options.maxConcurrent > UIDS_A_WORKER) throw new RangeError(`A worker has at most ${UIDS_A_WORKER} slots.`);
  closeInheritedDescriptors();
  const isRoot = process.getuid?.() === 0;
  const scratch = await openScratch(options.directory);
  const bubblewrap = await find("bwrap", ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"]);
  if (bubblewrap === null) {
    throw new ExecutorSetupError("bubblewrap_missing", "bubblewrap is not installed, and without it no script can be isolated. Install it: apt-get install bubblewrap (or dnf, apk, pacman).");
  }
  const setpriv = isRoot ? await find("setpriv", ["/usr/bin/setpriv", "/bin/setpriv"]) : null;
  if (isRoot && setpriv === null) {
    throw new ExecutorSetupError("sandbox_refused", "setpriv is not installed, and without it scripts would run as root. Install it: apt-get install util-linux.");
  }
  const driver = await detectDriver(options.instance, options.allowUnenforced);
  const identity = await ownIdentity();
  const attempts = await openManifests<AttemptManifest>(join(scratch.private, "attempts"));
  const workers = await openManifests<WorkerManifest>(join(scratch.private, "workers"));
  const pipesDirectory = join(scratch.private, `pipes-${options.instance}`);
  await workers.write({ id: options.instance, worker: identity, cgroupDirectories: driver.directories, pipesDirectory });
  const runtimes = await findRuntimes(await shareFile(scratch, process.execPath, "node"));
  const pipes = await makePipes(pipesDirectory, options.maxConcurrent);
  const sandbox: SandboxOptions = { bubblewrap, setpriv, seccomp: seccompFilter(), accounts: await writeAccounts(scratch) };
  const slots: Slot[] = pipes.map((slotPipes, index) => ({ uid: isRoot ? firstUid() + index : null, pipes: slotPipes }));
  const live = new Set<Promise<ExecutionResult>>();
  const closing = new AbortController();

  const runAttempt: Executor["execute"] = async (spec, handlers) => {
    const slot = slots.pop();
    if (slot === undefined) return failedResult(spec, driver, `all ${options.maxConcurrent} slots of this executor are taken.`);
    let cgroup: Cgroup | null = null;
    try {
      const kind = driver.name === "none" ? "none" : driver.name === "cgroup-v2" ? "v2" : "v1";
      cgroup = await driver.create(spec.id, spec.limits);
      await attempts.write({ id: spec.id, runId: spec.runId, attempt: spec.attempt, worker: identity, cgroup: { kind, directories: cgroup.directories } });
      const signal = handlers.signal === undefined ? closing.signal : AbortSignal.any([handlers.signal, closing.signal]);
      const runtime = runtimes.find((candidate) => candidate.id === spec.language);
      return await execute({ sandbox, slot, driver, cgroup, runtime }, spec, { ...handlers, signal });
    } catch (error) {
      return failedResult(spec, driver, error instanceof Error ? error.message : String(error));
    } finally {
      await tidy(cgroup, () => attempts.remove(spec.id));
      slots.push(slot);
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
      await workers.remove(options.instance);
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

async function tidy(cgroup: Cgroup | null, removeManifest: () => Promise<void>): Promise<void> {
  try {
    await cgroup?.kill();
    await cgroup?.destroy();
    await removeManifest();
  } catch {
    // Its manifest stays, so the next sweep ends what could not be ended now; the attempt's result is not its fault.
    return;
  }
}

async function find(program: string, candidates: string[]): Promise<string | null> {
  for (const path of candidates) {
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  const { stdout } = await run("/bin/sh", ["-c", `command -v ${program} || true`], { env: MINIMAL_ENV });
  return stdout.trim() || null;
}

function warningsOf(driver: CgroupDriver, isRoot: boolean): string[] {
  return [
    ...(driver.name === "none" ? ["Scripts run WITHOUT kernel limits on this host (CORRAL_ALLOW_UNENFORCED=1): memory, CPU and process limits are not enforced."] : []),
    ...(driver.name === "cgroup-v1" ? ["This host uses cgroup v1: an out-of-memory script is ended within a quarter of a second instead of at once."] : []),
    ...(isRoot ? [] : ["The worker is not root: all scripts share its uid, kept apart by namespaces alone."]),
  ];
}

/** Runs one empty script for real: a host where that fails would fail every run, each with a riddle. */
async function proveSandbox(executor: Executor): Promise<void> {
  const language = executor.capabilities.runtimes[0]?.id;
  if (language === undefined) throw new ExecutorSetupError("sandbox_refused", "No interpreter was found on this host: neither bash, python3 nor node.");
  const result = await executor.execute(
    {
      id: `probe-${process.pid}`,
      runId: "probe",
      attempt: 1,
      language,
      source: "",
      args: [],
      env: {},
      stdin: null,
      limits: { timeoutMs: 30_000, memoryBytes: 256 * 1024 ** 2, cpuMillis: 1000, pidsMax: 64, outputMaxBytes: 65_536, diskMaxBytes: 1024 ** 2 },
      network: false,
      gracePeriodMs: 0,
      onOutputLimit: "truncate",
    },
    {},
  );
  if (result.outcome === "succeeded") return;
  throw new ExecutorSetupError(
    "sandbox_refused",
    `This host refuses to make a sandbox: ${result.message} Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, and on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), or run Corral's container with the options its README names.`,
  );
}
