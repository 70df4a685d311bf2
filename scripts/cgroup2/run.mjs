// Boots a kernel with real cgroup v2 as an ordinary process (User-Mode Linux) and runs the executor's conformance cases
// in it: `npm run test:cgroup2`. Ends with `N passed, N failed`; anything else than a complete run is a failure.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const project = resolve(import.meta.dirname, "../..");
/** Catches a kernel that hangs; a busy machine takes several minutes. */
const TIMEOUT_MS = 900_000;
const MEMORY = "1536M";

for (const program of ["linux.uml", "busybox", "bwrap"]) {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status === 0) continue;
  console.error(
    `${program} is not installed, and without it cgroup v2 can't be tested on this machine. Install it: apt-get install user-mode-linux busybox-static bubblewrap`,
  );
  console.log("0 passed, 1 failed");
  process.exit(1);
}

const scratch = mkdtempSync(join(tmpdir(), "corral-uml-"));
const kernel = spawn(
  "linux.uml",
  [
    `mem=${MEMORY}`,
    "rootfstype=hostfs",
    "rootflags=/",
    "rw",
    `init=${project}/scripts/cgroup2/init.sh`,
    "con=null",
    "con0=null,fd:1",
    "con1=null",
    "ssl=null",
    "quiet",
    `uml_dir=${scratch}`,
    // What follows reaches the init script as environment variables.
    `CORRAL_PROJECT=${project}`,
    `CORRAL_NODE=${process.execPath}`,
  ],
  { detached: true, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: scratch } },
);
// The kernel leads a session of several processes; those that outlive the first would hold its output open.
const end = () => {
  if (kernel.pid === undefined) return;
  try {
    process.kill(-kernel.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
};
const timer = setTimeout(end, TIMEOUT_MS);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);

// The run as an ordinary user counts its own cases, the one around it the rest.
const total = { passed: 0, failed: 0 };
let ended = null;
createInterface({ input: kernel.stdout }).on("line", (line) => {
  const text = line.replace(/\r$/, "");
  const counted = /^(\d+) passed, (\d+) failed$/.exec(text);
  if (counted !== null) {
    total.passed += Number(counted[1]);
    total.failed += Number(counted[2]);
  } else if (text.startsWith("JOB-RC=")) ended = text;
  else console.log(text);
});
kernel.on("close", () => {
  clearTimeout(timer);
  rmSync(scratch, { recursive: true, force: true });
  const complete = ended === "JOB-RC=0" && total.passed > 0 && total.failed === 0;
  // An end without a count is a failure of its own.
  if (!complete && total.failed === 0) total.failed = 1;
  if (!complete) console.error(ended === null ? "The kernel ended before the cases did." : `The cases ended with ${ended}.`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(complete ? 0 : 1);
});
