import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { removeCgroup } from "../../worker/executor/cgroup/knobs.ts";
import { V2_CONTROLLERS } from "../../worker/executor/cgroup/v2.ts";
import { runGround } from "../../worker/executor/conformance/ground.ts";
import { specOf } from "../../worker/executor/conformance/spec.ts";
import { monotonicMs } from "../../worker/executor/dead-man.ts";
import { createExecutor } from "../../worker/executor/executor.ts";
import { driverCases } from "./driver-cases.ts";
import { inScopeOfItsOwn } from "./scope-case.ts";

// Runs inside the User-Mode Linux kernel. `root`: the conformance cases as root, and what only this kernel can show. `user`: the
// conformance cases as an ordinary user in a cgroup handed over to it. Numbers of cases behind it run only those;
// 0 stands for the one with systemd.

const ROOT = "/sys/fs/cgroup";
const DELEGATED = join(ROOT, "delegated");
const USER = 1000;
/** This kernel takes about 60 ms a process and has one CPU. */
const FLOOD_BYTES = 32_000_000;

const part = process.argv[2];
/** Numbers of cases that were asked for; all of them when empty. */
const only = process.argv.slice(3).map(Number);

const total = { passed: 0, failed: 0 };
async function attempt(title: string, run: () => Promise<void> | void) {
  const began = performance.now();
  try {
    await run();
    total.passed += 1;
    console.log(`✓ ${title} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    total.failed += 1;
    console.log(`✗ ${title}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Makes a cgroup and hands it over, as systemd's `Delegate=yes` does. */
function handOver(cgroup: string) {
  writeFileSync(join(ROOT, "cgroup.subtree_control"), V2_CONTROLLERS.map((controller) => `+${controller}`).join(" "));
  mkdirSync(cgroup);
  for (const name of ["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"]) chownSync(join(cgroup, name), USER, USER);
}

/** Runs the cases as an ordinary user in a cgroup handed over to it; they count themselves. */
async function asOrdinaryUser() {
  handOver(DELEGATED);
  const ground = join(import.meta.dirname, "../../worker/executor/conformance/ground.ts");
  const command = [
    "setpriv",
    `--reuid=${USER}`,
    `--regid=${USER}`,
    "--clear-groups",
    "--",
    process.execPath,
    ground,
    "v2 delegated",
    ...[FLOOD_BYTES, ...only].map(String),
  ];
  const child = spawn("/bin/sh", ["-c", `echo 0 >${DELEGATED}/cgroup.procs && exec "$@"`, "sh", ...command], { stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, "its cases failed");
  await removeCgroup(join(DELEGATED, "supervisor"));
  await removeCgroup(DELEGATED);
}

/** What it leaves belongs to a systemd that was ended, and goes with this kernel. */
async function delegatedScope() {
  const base = join(ROOT, "user-1000");
  handOver(base);
  await inScopeOfItsOwn(base, USER);
}

/** The kernel refuses user namespaces to everybody but root, as AppArmor does on Ubuntu. */
async function withoutUserNamespaces() {
  const executor = async () => createExecutor({ directory: "/tmp/no-user-namespaces", instance: "alone", allowUnenforced: false, maxConcurrent: 1 });
  writeFileSync("/proc/sys/user/max_user_namespaces", "0");
  try {
    const made = await executor();
    assert.equal(made.capabilities.isolation, "root");
    assert.match(made.capabilities.warnings.join("\n"), /refuses user namespaces/);
    await made.close();
  } finally {
    writeFileSync("/proc/sys/user/max_user_namespaces", "10000");
  }
  const made = await executor();
  assert.equal(made.capabilities.isolation, "user-namespaces");
  await made.close();
}

/** The process beside the worker finds what runs and ends it. */
async function deadline() {
  const executor = await createExecutor({ directory: "/tmp/deadline", instance: "deadline", allowUnenforced: false, maxConcurrent: 1 });
  executor.endAt(monotonicMs() + 5_000);
  const { outcome, signal } = await executor.execute(specOf({ language: "bash", source: "trap '' TERM; sleep 600 & wait; sleep 600" }), {});
  assert.deepEqual({ outcome, signal }, { outcome: "cancelled", signal: "SIGKILL" });
  await executor.close();
}

async function asRoot() {
  const counted = await runGround("v2 root", FLOOD_BYTES, only);
  total.passed += counted.passed;
  total.failed += counted.failed;
  if (only.length > 0) return;
  for (const { title, run } of driverCases) await attempt(`v2 driver: ${title}`, run);
  await attempt("v2: what runs at its worker's deadline is ended", deadline);
  await attempt("v2: where user namespaces are refused, root isolates without them, and says so", withoutUserNamespaces);
}

if (part === "root") await asRoot();
else {
  await attempt("v2: the cases as an ordinary user", asOrdinaryUser);
  if (only.length === 0 || only.includes(0)) await attempt("v2: npm start of an ordinary user gets itself a delegated scope from systemd", delegatedScope);
}
await attempt("nothing is left", () => {
  assert.deepEqual(
    readdirSync(ROOT).filter((name) => name.startsWith("corral-")),
    [],
  );
});
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
