import { readdirSync } from "node:fs";

import { conformanceCases } from "../../worker/executor/conformance/cases.ts";
import { crashCase } from "../../worker/executor/conformance/crash.ts";
import { runCase } from "../../worker/executor/conformance/run-case.ts";
import { createExecutor } from "../../worker/executor/executor.ts";
import { driverCases } from "./driver-cases.ts";

// Runs inside the User-Mode Linux kernel, without a test framework: that takes longer to load there than all cases.

const INSTANCE = "conformance";
/** This kernel takes about 60 ms a process and has one CPU. */
const FLOOD_BYTES = 32_000_000;

let passed = 0;
let failed = 0;
async function attempt(title: string, run: () => Promise<void> | void) {
  const began = performance.now();
  try {
    await run();
    passed += 1;
    console.log(`✓ ${title} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`✗ ${title}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

const executor = await createExecutor({ directory: "/tmp/executor", instance: INSTANCE, allowUnenforced: false, maxConcurrent: 4 });
await attempt("the driver is v2 and enforces", () => {
  if (executor.capabilities.driver !== "cgroup-v2" || !executor.capabilities.enforced) throw new Error(executor.capabilities.driver);
});
for (const testCase of conformanceCases(FLOOD_BYTES)) {
  await attempt(`v2 case ${testCase.number}: ${testCase.title}`, () => runCase(executor, testCase));
}
await attempt("v2 cases 39, 41: a killed worker, its successor and a living peer", () => crashCase("/tmp/crash"));
for (const { title, run } of driverCases) await attempt(`v2 driver: ${title}`, run);
await executor.close();
await attempt("nothing is left", () => {
  const left = readdirSync("/sys/fs/cgroup").filter((name) => name.startsWith("corral-"));
  if (left.length > 0) throw new Error(left.join(", "));
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
