import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, test } from "vitest";

import { parsePlace } from "../cgroup/detect.ts";
import { casesOn } from "./list.ts";

// The whole list again as an ordinary user in cgroups that were handed over to it, as systemd's Delegate=yes does (case 45).
// Only on v1: where a machine has v2 alone, User-Mode Linux has this ground (scripts/cgroup2).

const USER = 1000;
const PROJECT = resolve(import.meta.dirname, "../../..");
const NAME = `corral-delegated-${process.pid}`;
const FLOOD_BYTES = 100_000_000;

const place = parsePlace(readFileSync("/proc/self/mountinfo", "utf8"), readFileSync("/proc/self/cgroup", "utf8"));
const delegated = [...Object.values(place.v1), place.v2].filter((path) => path !== null).map((path) => join(path, NAME));
let said = "";

/**
 * The project may lie where an ordinary user can't pass; a mount namespace shows it at a place where everybody can.
 * Namespaces end with the process, and so does this.
 */
const SHOW = `
mount -t tmpfs -o mode=755 tmpfs /mnt && cd /mnt || exit 1
for name in worker node_modules; do mkdir "$name" && mount --bind "$PROJECT/$name" "$name" || exit 1; done
cp "$PROJECT/package.json" package.json
for file in $JOIN; do echo 0 >"$file" || exit 1; done
exec setpriv --reuid=${USER} --regid=${USER} --clear-groups -- node_modules/node/bin/node worker/executor/conformance/ground.ts "v1 delegated" ${FLOOD_BYTES}`;

const cases = Object.keys(place.v1).length > 0 ? casesOn("v1 delegated", FLOOD_BYTES) : [];

beforeAll(async () => {
  if (cases.length === 0) return;
  for (const directory of delegated) {
    mkdirSync(directory);
    for (const name of ["", "cgroup.procs", "tasks", "cgroup.subtree_control"])
      if (existsSync(join(directory, name))) chownSync(join(directory, name), USER, USER);
  }
  const env = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    PROJECT,
    JOIN: delegated.map((directory) => join(directory, "cgroup.procs")).join(" "),
    NODE_ENV: "test",
  } as const;
  // What it says on stderr is seen with the rest.
  const child = spawn("unshare", ["--mount", "sh", "-c", `exec 2>&1; ${SHOW}`], { stdio: ["ignore", "pipe", "inherit"], env });
  said = await text(child.stdout);
}, 300_000);

afterAll(() => {
  for (const directory of delegated.filter((path) => existsSync(path))) rmdirSync(directory);
});

test("this machine has v1, or v2 alone, whose ground User-Mode Linux has", () => {
  expect(cases.length > 0 || readdirSync("/sys/fs/cgroup").includes("cgroup.controllers")).toBe(true);
});

test.each(cases)("v1 delegated case $number: $title", ({ number }) => {
  const line = new RegExp(`^[✓✗] v1 delegated case ${number}: [^✓✗]*`, "m").exec(said)?.[0] ?? said.slice(-2_000);
  expect(line).toMatch(/^✓/);
});
