import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

import type { ExecutionSpec, Executor } from "../types.ts";
import type { CapturedOutput, ConformanceCase } from "./cases.ts";

const MIB = 1024 ** 2;

const DEFAULTS: Omit<ExecutionSpec, "id" | "language" | "source"> = {
  runId: "conformance",
  attempt: 1,
  args: [],
  env: {},
  stdin: null,
  network: false,
  gracePeriodMs: 1_000,
  onOutputLimit: "truncate",
  limits: { timeoutMs: 60_000, memoryBytes: 128 * MIB, cpuMillis: 2_000, pidsMax: 64, outputMaxBytes: MIB, diskMaxBytes: 32 * MIB },
};

/** Runs one case, holds its result against what is expected, and looks from outside whether anything of it is left. @throws AssertionError */
export async function runCase(executor: Executor, testCase: ConformanceCase): Promise<void> {
  const id = `case-${testCase.number}`;
  const output: CapturedOutput = { stdout: "", stderr: "", sequence: [], markers: 0 };
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const cancel = new AbortController();
  const result = await executor.execute(
    { ...DEFAULTS, ...testCase.spec, id, limits: { ...DEFAULTS.limits, ...testCase.spec.limits } },
    {
      signal: cancel.signal,
      onOutput: (chunk) => {
        output.sequence.push(chunk.seq);
        if (chunk.droppedBytes === undefined) parts[chunk.stream].push(chunk.bytes);
        else output.markers += 1;
        if (testCase.cancelAtOutput === true) cancel.abort();
      },
    },
  );
  output.stdout = Buffer.concat(parts.stdout).toString();
  output.stderr = Buffer.concat(parts.stderr).toString();
  const told = `${result.message} ${result.evidence.detail ?? ""}\n${output.stdout.slice(0, 500)}\n${output.stderr.slice(0, 500)}`;
  assert.equal(result.outcome, testCase.outcome, told);
  assert.deepEqual(
    output.sequence,
    output.sequence.map((_, index) => index + 1),
    "the sequence of its output has gaps",
  );
  testCase.check?.(result, output);
  assert.deepEqual(processesIn(`run-${id}`), [], "processes are left");
}

/** Pids whose cgroup path holds a name: every process's own word for where it is, asked from outside. */
export function processesIn(cgroup: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // A zombie has ended; it only waits for whoever inherited it to notice.
        if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return false;
        return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`/${cgroup}`);
      } catch {
        // It ended between the listing and the reading.
        return false;
      }
    });
}
