import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { NETWORK_PROGRAMS, SANDBOX_PROGRAMS } from "../scripts/start/prepare.ts";

// What can be held against the code without a container runtime; the units themselves run in scripts/cgroup2.

const read = (file: string) => readFileSync(join(import.meta.dirname, file), "utf8");
const UNITS = ["corral.service", "corral-worker.service"];

test("the image has every program that Corral would install at a start", () => {
  const dockerfile = read("Dockerfile");
  for (const { package: name } of [...SANDBOX_PROGRAMS, ...NETWORK_PROGRAMS]) expect(dockerfile).toMatch(new RegExp(`install .*\\b${name}\\b`));
});

test("every variable that is set is one that Corral reads", () => {
  const config = readFileSync(join(import.meta.dirname, "../server/config.ts"), "utf8");
  const set = ["compose.yaml", "Dockerfile", ...UNITS].flatMap((file) => read(file).match(/\b(?:CORRAL_[A-Z_]+|DATABASE_URL|HOST)(?==|: )/g) ?? []);
  expect(set.length).toBeGreaterThan(5);
  for (const name of set) expect(config).toContain(`  ${name}: `);
});

test("every command that is started is one of package.json's", () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as { scripts: Record<string, string> };
  const said = ["compose.yaml", "Dockerfile", "README.md", ...UNITS].map(read).join("\n");
  const names = [...said.matchAll(/npm(?: run|", "run",) "?([a-z:-]+)/g)].map(([, name = ""]) => name);
  expect(names).toEqual(expect.arrayContaining(["web", "worker", "build", "doctor"]));
  expect(names.filter((name) => !(name in scripts))).toEqual([]);
});

test("every option of the worker's container is explained", () => {
  const [, worker = ""] = read("compose.yaml").split("\n  worker:\n");
  const options = [...worker.matchAll(/^ {6}- (.+)$/gm)].map(([, option = ""]) => option).filter((option) => !option.startsWith("worker:"));
  expect(options).toHaveLength(5);
  for (const option of options) expect(read("README.md")).toContain(option);
});

test("systemd understands the units", () => {
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...UNITS.map((unit) => join(import.meta.dirname, unit))], {
    encoding: "utf8",
  });
  // That neither npm nor the user is on this machine is no fault of the unit's.
  expect(stderr.split("\n").filter((line) => line !== "" && !/not executable|No such file/.test(line))).toEqual([]);
  expect(status === 0 || stderr !== "").toBe(true);
});
