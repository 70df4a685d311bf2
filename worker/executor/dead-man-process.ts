import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";

import { cgroupsBelow, killCgroup } from "./cgroup/end-subtree.ts";
import { monotonicMs } from "./dead-man.ts";
import { hasCode } from "./errors.ts";
import type { CgroupKind } from "./manifest.ts";

// The process of dead-man.ts: `node dead-man-process.ts KIND WORKER-PID DIRECTORY…`. Reads deadlines, a line each; at the one it heard
// last it says so and kills. Input that ends without `never` means that the worker died: everything is killed at once.

const [kind, workerPid, ...directories] = process.argv.slice(2) as [CgroupKind, string, ...string[]];
let timer: NodeJS.Timeout | undefined;
let dismissed = false;

async function endEverything() {
  if (kind === "none") return killChildren(Number(workerPid));
  for (const cgroup of await cgroupsBelow(directories)) await killCgroup(kind, cgroup);
}

/** Without cgroups: the worker's children, each the sandbox of one script, which dies with it. */
function killChildren(parent: number) {
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) process.kill(pid, "SIGKILL");
    } catch (error) {
      // It ended meanwhile.
      if (!hasCode(error, "ENOENT", "ESRCH")) throw error;
    }
  }
}

function arm(deadlineMs: number) {
  clearTimeout(timer);
  timer = setTimeout(
    () => {
      // Said first: the worker is to know why its scripts ended when it learns that they did.
      process.stdout.write("ended\n");
      void endEverything();
    },
    Math.max(0, deadlineMs - monotonicMs()),
  );
}

process.stdout.on("error", () => undefined);
createInterface({ input: process.stdin })
  .on("line", (line) => {
    dismissed = line === "never";
    if (dismissed) clearTimeout(timer);
    else arm(Number(line));
  })
  .on("close", () => {
    clearTimeout(timer);
    if (!dismissed) void endEverything();
  });
