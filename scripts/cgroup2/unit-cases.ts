import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { runGround } from "../../worker/executor/conformance/ground.ts";

// What a unit of deploy/ starts in User-Mode Linux, under a real systemd, in place of Corral: whether what it takes away leaves
// what scripts are held with, and whether it really takes it away. `node unit-cases.ts corral-worker`.

/** Says hello, hogs memory, kills what it sees, looks for a way out. */
const CASES = [1, 7, 30, 33, 45];
const FLOOD_BYTES = 1_000_000;

const unit = process.argv[2] ?? "";
const { passed, failed } = await runGround("v2 delegated", FLOOD_BYTES, CASES);
try {
  const status = readFileSync("/proc/self/status", "utf8");
  assert.match(status, /^Uid:\s+1777\s/m);
  assert.match(status, /^NoNewPrivs:\s+1$/m);
  assert.match(status, /^CapBnd:\s+0+$/m);
  assert.equal(readFileSync("/proc/self/cgroup", "utf8").trim(), `0::/system.slice/${unit}.service/supervisor`);
  assert.equal(process.env["CORRAL_DATA_DIR"], "/var/lib/corral");
  assert.throws(() => readFileSync("/root/.profile"), { code: "EACCES" });
  console.log(`✓ deploy/${unit}.service: a user of its own, no capability, no new privileges, a cgroup of its own`);
  console.log(`${passed + 1} passed, ${failed} failed`);
} catch (error) {
  console.log(`✗ deploy/${unit}.service\n${String(error)}`);
  console.log(`${passed} passed, ${failed + 1} failed`);
}
