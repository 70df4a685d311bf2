import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Executor } from "../types.ts";
import type { CapturedOutput, ConformanceCase, Ground, SpecCase } from "./case.ts";
import { nothingLeft } from "./left.ts";
import { specOf } from "./spec.ts";

/** Runs one case on a ground. @throws AssertionError */
export async function runCase(executor: Executor, ground: Ground, testCase: ConformanceCase): Promise<void> {
  if ("spec" in testCase) return runSpec(executor, testCase);
  const directory = mkdtempSync(join(tmpdir(), "corral-case-"));
  // As a data directory is: scripts' uids pass through it.
  chmodSync(directory, 0o755);
  try {
    await testCase.run({ executor, directory, ground });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs a script, holds its result against what is expected, and looks from outside whether anything of it is left. */
async function runSpec(executor: Executor, testCase: SpecCase): Promise<void> {
  const output: CapturedOutput = { stdout: "", stderr: "", chunks: [], sequence: [], markers: 0 };
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const cancel = new AbortController();
  const result = await executor.execute(specOf({ ...testCase.spec, id: `case-${testCase.number}` }), {
    signal: cancel.signal,
    onOutput: (chunk) => {
      output.sequence.push(chunk.seq);
      output.chunks.push(chunk.bytes);
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
