import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { removeCgroup } from "../../worker/executor/cgroup/knobs.ts";
import { conformanceCases } from "../../worker/executor/conformance/cases.ts";
import { crashCase } from "../../worker/executor/conformance/crash.ts";
import { runCase } from "../../worker/executor/conformance/run-case.ts";
import { createExecutor } from "../../worker/executor/executor.ts";
import { driverCases } from "./driver-cases.ts";

// Runs inside the User-Mode Linux kernel, without a test framework: that takes longer to load there than all cases. With
// the argument `delegated` it is the ordinary user that the first run starts in a cgroup handed over to it.

const ROOT = "/sys/fs/cgroup";
const DELEGATED = join(ROOT, "delegated");
const USER = 1000;
/** This kernel takes about 60 ms a process and has one CPU. */
const FLOOD_BYTES = 32_000_000;
/** What can differ for an ordinary user: whose limits, whose kills, whose namespaces, whose view of the workspace. */
const DELEGATED_CASES = [1, 3, 4, 7, 10, 15, 16, 18, 27, 32, 33, 37, 42];

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

async function executorCases(label: string, directory: string, wanted: (number: number) => boolean) {
  const executor = await createExecutor({ directory, instance: "conformance", allowUnenforced: false, maxConcurrent: 4 });
  await attempt(`${label}: the driver is v2 and enforces`, () =>
    assert.deepEqual([executor.capabilities.driver, executor.capabilities.enforced], ["cgroup-v2", true]),
  );
  for (const testCase of conformanceCases(FLOOD_BYTES)) {
    if (wanted(testCase.number)) await attempt(`${label} case ${testCase.number}: ${testCase.title}`, () => runCase(executor, testCase));
  }
  await executor.close();
}

/** Hands a cgroup over, as systemd's `Delegate=yes` does, and runs the cases in it as an ordinary user (case 45). */
async function asOrdinaryUser() {
  mkdirSync(DELEGATED);
  for (const name of ["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"]) chownSync(join(DELEGATED, name), USER, USER);
  const command = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "--", process.execPath, import.meta.filename, "delegated"];
  const child = spawn("/bin/sh", ["-c", `echo 0 >${DELEGATED}/cgroup.procs && exec "$@"`, "sh", ...command], { stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, "its cases failed");
  await removeCgroup(join(DELEGATED, "supervisor"));
  await removeCgroup(DELEGATED);
}

if (process.argv[2] === "delegated") {
  await executorCases("v2 delegated", "/tmp/delegated", (number) => DELEGATED_CASES.includes(number));
} else {
  await executorCases("v2", "/tmp/executor", () => true);
  await attempt("v2 cases 39, 41: a killed worker, its successor and a living peer", () => crashCase("/tmp/crash"));
  for (const { title, run } of driverCases) await attempt(`v2 driver: ${title}`, run);
  await attempt("v2 case 45: as an ordinary user in a delegated cgroup", asOrdinaryUser);
  await attempt("nothing is left", () => {
    assert.deepEqual(
      readdirSync(ROOT).filter((name) => name.startsWith("corral-")),
      [],
    );
  });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
