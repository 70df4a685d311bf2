import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, test } from "vitest";

import { createExecutor } from "../executor.ts";
import type { Executor } from "../types.ts";
import { casesOn } from "./list.ts";
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

// On a machine with v2 alone it is that ground; here the kernel decides.
const ground = readdirSync("/sys/fs/cgroup").includes("cgroup.controllers") ? "v2 root" : "v1 root";

test.each(casesOn(ground, 1_000_000_000))("case $number: $title", async (testCase) => {
  await runCase(executor, ground, testCase);
});
