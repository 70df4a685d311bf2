import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, expect, test } from "vitest";

import type { Check } from "./check.ts";

// The command itself, on this host as it is, and on hosts that lack something: made with mounts of their own.

const PROJECT = resolve(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "corral-doctor-"));
afterAll(() => rmSync(directory, { recursive: true }));

const CGROUPS_READ_ONLY = `grep -E ' - cgroup2? ' /proc/self/mountinfo | cut -d' ' -f5 | while read -r mount; do mount -o remount,bind,ro,nosuid,nodev,noexec "$mount" || exit 1; done`;
const SMALL_DISK = `mount -t tmpfs -o size=1m tmpfs ${directory}`;

/** Runs a script of the project where `prepared` was done to the mounts. */
function run(script: string, { prepared = "true", env = {}, args = [] as string[] }) {
  const namespaces = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const command = [...namespaces, "sh", "-c", `${prepared} || exit 99; exec "$@"`, "sh", process.execPath, script, ...args];
  const environment: NodeJS.ProcessEnv = { PATH: process.env["PATH"], NODE_ENV: "test", CORRAL_DATA_DIR: directory, ...env };
  const { status, stdout, stderr } = spawnSync("unshare", command, { cwd: PROJECT, env: environment, encoding: "utf8" });
  return { status, stdout, stderr };
}

function examine(options: { prepared?: string; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = run("scripts/doctor/main.ts", { ...options, args: ["--json"] });
  expect(stderr).toBe("");
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { status, checks, of: (id: string) => checks.find((check) => check.id === id) };
}

test("this host passes, and everything that was asked for is looked at", () => {
  const { status, checks } = examine();
  expect(checks.filter((check) => check.status === "failed")).toEqual([]);
  expect(status).toBe(0);
  expect(checks.map(({ id }) => id)).toEqual([
    "cgroup",
    "controllers",
    "memory-peak",
    "cgroup-kill",
    "swap",
    "bubblewrap",
    "user-namespaces",
    "network",
    "runtimes",
    "disk",
    "descriptors",
    "database",
  ]);
});

test("without cgroups it fails, and a worker refuses to start in the same words", () => {
  const { status, of } = examine({ prepared: CGROUPS_READ_ONLY });
  const found = of("cgroup")?.found ?? "";
  expect(status).toBe(1);
  expect(found).toMatch(/^Corral can't write its cgroup.*EROFS.*Delegate=yes.*CORRAL_ALLOW_UNENFORCED=1/);
  const worker = run("worker/main.ts", { prepared: CGROUPS_READ_ONLY, env: { DATABASE_URL: "postgresql://127.0.0.1:1/none" } });
  const inCommon = (text: string) => text.replaceAll(/corral-[\w-]+/g, "corral-…");
  expect(worker.status).toBe(1);
  expect(inCommon(worker.stderr)).toContain(inCommon(found));
});

test("an administrator may allow it, and is told what that means", () => {
  const { status, of } = examine({ prepared: CGROUPS_READ_ONLY, env: { CORRAL_ALLOW_UNENFORCED: "1" } });
  expect(status).toBe(0);
  expect(of("cgroup")).toMatchObject({ status: "warning", found: expect.stringContaining("WITHOUT kernel limits") as string });
});

test("a full disk and a database that is away fail, each with its remedy", () => {
  const { status, of } = examine({ prepared: SMALL_DISK, env: { DATABASE_URL: "postgresql://127.0.0.1:1/none" } });
  expect(status).toBe(1);
  expect(of("disk")).toMatchObject({ status: "failed", remedy: expect.stringContaining("CORRAL_DATA_DIR") as string });
  expect(of("database")).toMatchObject({ status: "failed", remedy: expect.stringContaining("DATABASE_URL") as string });
});

test("for a person: a line a check, what to do, and the verdict", () => {
  const { stdout } = run("scripts/doctor/main.ts", { prepared: SMALL_DISK });
  expect(stdout).toMatch(/^✗ Disk .*\n\s+→ Make room/m);
  expect(stdout).toMatch(/1 failed\. No worker starts here before that is put right\.\n$/);
});
