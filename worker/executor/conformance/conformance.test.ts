import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, test } from "vitest";

import { createExecutor } from "../executor.ts";
import type { Executor } from "../types.ts";
import { conformanceCases } from "./cases.ts";
import { runCase } from "./run-case.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-executor-"));
let executor: Executor;

beforeAll(async () => {
  executor = await createExecutor({ directory, instance: `conformance-${process.pid}`, allowUnenforced: false, maxConcurrent: 4 });
});
afterAll(async () => {
  await executor.close();
  assert.deepEqual(readdirSync(join(directory, "attempts")), []);
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith("pipes-")),
    [],
  );
  rmSync(directory, { recursive: true });
});

test.each(conformanceCases(1_000_000_000))("case $number: $title", async (testCase) => {
  await runCase(executor, testCase);
});
