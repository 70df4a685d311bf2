// Boots kernels with real cgroup v2 as ordinary processes (User-Mode Linux) and runs the executor's conformance cases in
// them: `npm run test:cgroup2`, or `npm run test:cgroup2 -- 7 12` for some of them. Each kernel has one CPU, so there is one
// for the cases as root, one for those as an ordinary user, and one that tries deploy's units under a real systemd. Ends with `N passed, N failed`; anything else than a complete
// run is a failure.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { COMPILER, buildWideState, hasWideState } from "./wide-state.mjs";

const project = resolve(import.meta.dirname, "../..");
/** Catches a kernel that hangs; a busy machine takes several minutes. */
const TIMEOUT_MS = 900_000;
const MEMORY = "1536M";
/** Two kernels at a time, as most machines have two CPUs at least; each row in its order. */
const ROWS = [["root", "systemd"], ["user"]];

const packages = {
  "linux.uml": "user-mode-linux",
  busybox: "busybox-static",
  bwrap: "bubblewrap",
  ...(hasWideState() ? { [COMPILER.program]: COMPILER.package } : {}),
};
for (const program of Object.keys(packages)) {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status === 0) continue;
  console.error(
    `${program} is not installed, and without it cgroup v2 can't be tested on this machine. Install it: apt-get install ${Object.values(packages).join(" ")}`,
  );
  console.log("0 passed, 1 failed");
  process.exit(1);
}

/** Runs one part in a kernel of its own; resolves with its count. */
function boot(part) {
  const scratch = mkdtempSync(join(tmpdir(), "corral-uml-"));
  const preload = hasWideState() ? { LD_PRELOAD: buildWideState(scratch) } : {};
  const kernel = spawn(
    "linux.uml",
    [
      `mem=${MEMORY}`,
      "rootfstype=hostfs",
      "rootflags=/",
      // A systemd would write to the disk.
      part === "systemd" ? "ro" : "rw",
      `init=${project}/scripts/cgroup2/${part === "systemd" ? "init-systemd.sh" : "init.sh"}`,
      "con=null",
      "con0=null,fd:1",
      "con1=null",
      "ssl=null",
      "quiet",
      `uml_dir=${scratch}`,
      // What follows reaches the init script as environment variables.
      `CORRAL_PROJECT=${project}`,
      `CORRAL_NODE=${process.execPath}`,
      `CORRAL_CASES=${[part, ...process.argv.slice(2)].join(",")}`,
    ],
    { detached: true, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...preload, TMPDIR: scratch } },
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

  // Who starts further programs that count their own cases prints a count of the rest.
  const total = { passed: 0, failed: 0 };
  let ended = null;
  createInterface({ input: kernel.stdout }).on("line", (line) => {
    const text = line.replace(/\r$/, "");
    const counted = /^(\d+) passed, (\d+) failed$/.exec(text);
    if (counted !== null) {
      total.passed += Number(counted[1]);
      total.failed += Number(counted[2]);
    } else if (text.startsWith("JOB-RC=")) ended = text;
    else {
      if (text.startsWith("✗")) wrong.push(`${part}: ${text}`);
      console.log(text);
    }
  });
  return new Promise((done) => {
    kernel.on("close", () => {
      clearTimeout(timer);
      rmSync(scratch, { recursive: true, force: true });
      const complete = ended === "JOB-RC=0" && total.passed > 0 && total.failed === 0;
      // An end without a count is a failure of its own.
      if (!complete && total.failed === 0) total.failed = 1;
      if (!complete) console.error(`${part}: ${ended === null ? "the kernel ended before the cases did." : `the cases ended with ${ended}.`}`);
      done(total);
    });
  });
}

/** With numbers of cases, systemd's part is left out: it has none of its own. */
const isWanted = (part) => process.argv.includes(part) || (part === "systemd" ? process.argv.length === 2 : !process.argv.includes("systemd"));

async function bootAll(parts) {
  const counts = [];
  for (const part of parts.filter(isWanted)) counts.push(await boot(part));
  return counts;
}

/** Said again at the end: what comes before it is long. */
const wrong = [];
const counts = (await Promise.all(ROWS.map(bootAll))).flat();
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
for (const line of wrong) console.log(line);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
