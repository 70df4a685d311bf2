import type { ExecutionSpec } from "../types.ts";

const MIB = 1024 ** 2;

/** A whole spec out of the parts that matter to a test. */
export type PartialSpec = Pick<ExecutionSpec, "language" | "source"> & Partial<Omit<ExecutionSpec, "limits">> & { limits?: Partial<ExecutionSpec["limits"]> };

let numbered = 0;

/** Fills in what a test does not care about. */
export function specOf({ limits, ...given }: PartialSpec): ExecutionSpec {
  numbered += 1;
  return {
    id: `test-${process.pid}-${numbered}`,
    runId: "conformance",
    attempt: 1,
    args: [],
    env: {},
    stdin: null,
    network: false,
    gracePeriodMs: 1_000,
    onOutputLimit: "truncate",
    ...given,
    limits: { timeoutMs: 60_000, memoryBytes: 128 * MIB, cpuMillis: 2_000, pidsMax: 64, outputMaxBytes: MIB, diskMaxBytes: 32 * MIB, ...limits },
  };
}
