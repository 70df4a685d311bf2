import { cpus, totalmem } from "node:os";

import type { Config } from "../config.ts";
import type { Limits } from "../contracts/policy.ts";
import { OUTPUT_DAYS } from "../contracts/settings.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import { RETRIED_BY_DEFAULT } from "../contracts/statuses.ts";
import { memoryReserveBytes } from "./host-reserve.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const HOUR_MS = 3_600_000;

/** What one host can give a run at most: its size, less a reserve for the worker and the system. */
export type HostSize = { memoryBytes: number; cpuMillis: number };

/** The size of this host. */
export function localHost(): HostSize {
  return { memoryBytes: totalmem(), cpuMillis: cpus().length * 1000 };
}

/** The most that any maximum may be on a host of this size. */
export function ceilingsFor(host: HostSize): Limits {
  const memoryBytes = Math.max(256 * MIB, Math.floor((host.memoryBytes - memoryReserveBytes(host.memoryBytes)) / MIB) * MIB);
  return {
    timeoutMs: 24 * HOUR_MS,
    memoryBytes,
    cpuMillis: host.cpuMillis,
    pidsMax: 32_768,
    outputMaxBytes: GIB,
    // A workspace lives in memory and is charged to its run.
    diskMaxBytes: memoryBytes,
  };
}

/** The settings of a first start: design.md §5, with what the environment sets in place of it. */
export function firstSettings(given: Config["firstSettings"], host: HostSize): SettingsValues {
  const ceilings = ceilingsFor(host);
  const limit = (preset: number, maximum: number, fromEnvironment?: number) => {
    const value = fromEnvironment ?? Math.min(preset, maximum);
    return { default: value, maximum: Math.max(maximum, value) };
  };
  const maxRetries = given.maxRetries ?? 3;
  return {
    limits: {
      timeoutMs: limit(300_000, HOUR_MS, given.timeoutMs),
      memoryBytes: limit(GIB, ceilings.memoryBytes, given.memoryBytes),
      cpuMillis: limit(2000, ceilings.cpuMillis, given.cpuMillis),
      pidsMax: limit(256, 4096, given.pidsMax),
      outputMaxBytes: limit(10 * MIB, 256 * MIB, given.outputMaxBytes),
      diskMaxBytes: limit(512 * MIB, Math.min(8 * GIB, ceilings.diskMaxBytes), given.diskMaxBytes),
    },
    retry: {
      maxRetries: { default: maxRetries, maximum: Math.max(10, maxRetries) },
      backoff: "exponential",
      delayMs: 1000,
      maxDelayMs: 300_000,
      jitter: true,
      retryOn: [...RETRIED_BY_DEFAULT],
      finalExitCodes: [],
      retryExitCodes: [],
      memoryFactor: 1,
      timeoutFactor: 1,
    },
    execute: { defaultWaitMs: 60_000, maximumWaitMs: 600_000, maximumQueued: 64 },
    termination: { gracePeriodMs: 5_000, onOutputLimit: "truncate" },
    network: { allowed: false },
    retention: { runsDays: 30, deadLettersDays: 90, outputDays: OUTPUT_DAYS },
  };
}
