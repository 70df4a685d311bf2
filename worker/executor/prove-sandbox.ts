import { ExecutorSetupError } from "./errors.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import type { ExecutionLimits, Executor } from "./types.ts";

const MIB = 1024 ** 2;
const LIMITS: ExecutionLimits = { timeoutMs: 30_000, memoryBytes: 256 * MIB, cpuMillis: 1000, pidsMax: 64, outputMaxBytes: 65_536, diskMaxBytes: MIB };

/**
 * Runs one empty script for real: a host where that fails would fail every run, each with a riddle.
 * @throws ExecutorSetupError `no_runtime`, or `sandbox_refused` with what bubblewrap or the kernel said
 */
export async function proveSandbox(execute: Executor["execute"], runtimes: InstalledRuntime[], network: boolean): Promise<void> {
  const language = runtimes[0]?.id;
  if (language === undefined)
    throw new ExecutorSetupError("no_runtime", "No interpreter was found on this host: neither bash, python3 nor node. Install bash.");
  const spec = { id: `probe-${process.pid}`, runId: "probe", attempt: 1, language, source: "", args: [], env: {}, stdin: null };
  const result = await execute({ ...spec, limits: LIMITS, network, gracePeriodMs: 0, onOutputLimit: "truncate" }, {});
  if (result.outcome === "succeeded") return;
  throw new ExecutorSetupError(
    "sandbox_refused",
    `This host refuses to make a sandbox: ${result.message} Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, and on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), or run Corral's container with the options its README names.`,
  );
}
