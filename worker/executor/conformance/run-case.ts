import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

import type { Executor } from "../types.ts";
import type { CapturedOutput, ConformanceCase } from "./cases.ts";
import { specOf } from "./spec.ts";

/** Runs one case, holds its result against what is expected, and looks from outside whether anything of it is left. @throws AssertionError */
export async function runCase(executor: Executor, testCase: ConformanceCase): Promise<void> {
  const id = `case-${testCase.number}`;
  const output: CapturedOutput = { stdout: "", stderr: "", sequence: [], markers: 0 };
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const cancel = new AbortController();
  const result = await executor.execute(specOf({ ...testCase.spec, id }), {
    signal: cancel.signal,
    onOutput: (chunk) => {
      output.sequence.push(chunk.seq);
      if (chunk.droppedBytes === undefined) parts[chunk.stream].push(chunk.bytes);
      else output.markers += 1;
      if (testCase.cancelAtOutput === true) cancel.abort();
    },
  });
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
  await nothingLeft(result.evidence.cgroup);
}

/**
 * Waits until no process names the attempt's cgroup (its path in the evidence, null when it never had one) any more: one that is ending leaves `cgroup.procs` a moment before it
 * is a zombie, and the first of a pid namespace only after all others. @throws AssertionError after the promised two seconds
 */
export async function nothingLeft(cgroup: string | null): Promise<void> {
  if (cgroup === null) return;
  const deadline = performance.now() + 2_000;
  while (processesIn(cgroup).length > 0 && performance.now() < deadline) await delay(5);
  assert.deepEqual(processesIn(cgroup), [], "processes are left");
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
        return readFileSync(`/proc/${pid}/cgroup`, "utf8")
          .split("\n")
          .some((line) => isIn(line, cgroup));
      } catch {
        // It ended between the listing and the reading.
        return false;
      }
    });
}

// The path of a cgroup that is removed already is followed by a word that says so.
const isIn = (line: string, cgroup: string) => line.endsWith(cgroup) || line.includes(`${cgroup}/`) || line.includes(`${cgroup} `);
