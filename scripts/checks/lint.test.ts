import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/**
 * Proves that the linter bites: a small project with our configuration, our folders and one fault a file. A rule whose
 * plugin or type information went missing would pass in silence otherwise.
 */
const root = join(import.meta.dirname, "../..");

const FAULTS: [path: string, rule: string, source: string][] = [
  ["server/runs/floating.ts", "no-floating-promises", "async function work() {}\nexport function start() {\n  work();\n}\n"],
  ["server/runs/misused.ts", "no-misused-promises", "export const run = (list: number[]) => list.forEach(async (item) => void item);\n"],
  ["server/runs/thenable.ts", "await-thenable", "export async function run(n: number) {\n  return await n;\n}\n"],
  ["server/runs/any.ts", "no-explicit-any", "export const run = (input: any) => String(input);\n"],
  ["server/runs/unsafe-assignment.ts", "no-unsafe-assignment", 'export const run = (): unknown => {\n  const value = JSON.parse("1");\n  return value;\n};\n'],
  ["server/runs/unsafe-member.ts", "no-unsafe-member-access", 'export const run = (): unknown => JSON.parse("1").value;\n'],
  ["server/runs/unsafe-call.ts", "no-unsafe-call", 'export const run = (): unknown => JSON.parse("1")();\n'],
  ["server/runs/unsafe-return.ts", "no-unsafe-return", 'export const run = () => JSON.parse("1");\n'],
  ["server/runs/unsafe-argument.ts", "no-unsafe-argument", 'export const run = (): number => Math.abs(JSON.parse("1"));\n'],
  [
    "server/runs/switch.ts",
    "switch-exhaustiveness-check",
    'export function run(status: "a" | "b") {\n  switch (status) {\n    case "a":\n      return 1;\n  }\n}\n',
  ],
  ["server/runs/empty-catch.ts", "no-empty", 'export const run = () => {\n  try {\n    JSON.parse("");\n  } catch {}\n};\n'],
  ["server/runs/environment.ts", "no-process-env", 'export const port = process.env["PORT"];\n'],
  ["app/environment.ts", "no-process-env", 'export const port = process.env["PORT"];\n'],
  ["worker/environment.ts", "no-process-env", "export const { PORT } = process.env;\n"],
  ["server/runs/console.ts", "no-console", 'export const say = () => console.log("hello");\n'],
  ["server/runs/index.ts", "no-barrel-file", 'export * from "./good.ts";\n'],
  ["server/runs/wrongName.ts", "filename-case", "export const one = 1;\n"],
  [
    "app/hook.tsx",
    "rules-of-hooks",
    'import { useState } from "react";\nexport function View({ on }: { on: boolean }) {\n  if (on) useState(1);\n  return null;\n}\n',
  ],
  ["server/runs/focused.test.ts", "no-focused-tests", 'import { test } from "vitest";\ntest.only("one", () => undefined);\n'],
];

const CLEAN: [path: string, source: string][] = [
  ["server/runs/good.ts", "export async function work(): Promise<number> {\n  await Promise.resolve();\n  return 1;\n}\n"],
  ["server/config.ts", 'export const port = process.env["PORT"];\n'],
  ["scripts/say.ts", 'console.log(process.env["PORT"]);\n'],
];

type Finding = { filename: string; code: string };

let project: string;
let findings: Finding[];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "corral-lint-"));
  for (const file of [".oxlintrc.json", "tsconfig.json", "package.json"]) cpSync(join(root, file), join(project, file));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  for (const [path, ...rest] of [...FAULTS, ...CLEAN]) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), rest.at(-1) ?? "");
  }
  const oxlint = join(root, "node_modules/.bin/oxlint");
  const { stdout } = await promisify(execFile)(oxlint, ["--type-aware", "--format=json", "app", "scripts", "server", "worker"], {
    cwd: project,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error);
  findings = (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics;
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test.each(FAULTS)("%s breaks %s", (path, rule) => {
  const codes = findings.filter(({ filename }) => filename.endsWith(path)).map(({ code }) => code);
  expect(codes.some((code) => code.includes(`(${rule})`))).toBe(true);
});

test.each(CLEAN)("%s breaks nothing", (path) => {
  expect(findings.filter(({ filename }) => filename.endsWith(path))).toEqual([]);
});
