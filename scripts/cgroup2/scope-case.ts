import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

// An ordinary user's shell, in a session whose cgroup is not his to divide, beside a systemd of his own: what `npm start` does
// there, with the real systemd.

const RUNTIME = "/run/user/1000";
const UNITS = "/run/units";
/** What a systemd of a user's wants to find, and nothing of the host's. */
const TARGETS = ["basic", "default", "shutdown", "exit"];
const PROJECT = resolve(import.meta.dirname, "../..");

/** Goes where `npm start` goes, and says where that is and what can be enforced there. */
const PROGRAM = `
  import { readFileSync } from "node:fs";
  import { enterDelegatedScope } from ${JSON.stringify(join(PROJECT, "scripts/start/delegated-scope.ts"))};
  import { createExecutor } from ${JSON.stringify(join(PROJECT, "worker/executor/executor.ts"))};
  await enterDelegatedScope();
  const executor = await createExecutor({ directory: "/tmp/in-scope/executor", instance: "scope", allowUnenforced: false, maxConcurrent: 1 });
  const { driver, enforced } = executor.capabilities;
  console.log(JSON.stringify({ driver, enforced, cgroup: readFileSync("/proc/self/cgroup", "utf8").trim() }));
  await executor.close();
`;

/** @param base a cgroup that was handed over to the user. @throws AssertionError */
export async function inScopeOfItsOwn(base: string, user: number): Promise<void> {
  for (const directory of [RUNTIME, UNITS, "/run/systemd/system", "/tmp/in-scope"]) mkdirSync(directory, { recursive: true });
  for (const directory of [RUNTIME, "/tmp/in-scope"]) chownSync(directory, user, user);
  chmodSync(RUNTIME, 0o700);
  for (const name of TARGETS) writeFileSync(join(UNITS, `${name}.target`), "[Unit]\n");
  const program = "/tmp/in-scope/program.mts";
  writeFileSync(program, PROGRAM);
  const session = join(base, "session");
  mkdirSync(session);

  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/tmp/in-scope", XDG_RUNTIME_DIR: RUNTIME, SYSTEMD_UNIT_PATH: UNITS, NODE_ENV: "test" } as const;
  const asUser = (cgroup: string, ...command: string[]) =>
    spawn(
      "/bin/sh",
      ["-c", `echo 0 >${cgroup}/cgroup.procs && exec "$@"`, "sh", "setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--", ...command],
      { stdio: ["ignore", "pipe", "inherit"], env },
    );
  const manager = asUser(base, "/lib/systemd/systemd", "--user");
  try {
    for (let waited = 0; !existsSync(join(RUNTIME, "systemd/private")); waited += 50) {
      assert.ok(waited < 20_000, "the user's systemd did not start");
      await delay(50);
    }
    const child = asUser(session, process.execPath, program);
    const said = await text(child.stdout);
    assert.match(said, /^\{.*\}$/m, "it did not come to where it says what it found");
    const found = JSON.parse(said) as { driver: string; enforced: boolean; cgroup: string };
    assert.deepEqual([found.driver, found.enforced], ["cgroup-v2", true]);
    assert.match(found.cgroup, /app\.slice\/run-\w+\.scope\/supervisor$/);
  } finally {
    const gone = once(manager, "exit");
    manager.kill("SIGKILL");
    await gone;
  }
}
