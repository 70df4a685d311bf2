import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

import { Refusal } from "./bootstrap/refusal.mjs";

/** What a step makes out of which files; made again only when one of them changed. */
type Product = { inputs: string[]; leaveOut: (path: string) => boolean; result: string; stamp: string };

const isTest = (path: string) => /\.test\.tsx?$|(^|\/)testing\.ts$/.test(path);

const CLIENT: Product = {
  inputs: ["prisma/schema.prisma", "package-lock.json"],
  leaveOut: () => false,
  result: "server/db/generated/client.ts",
  stamp: "server/db/generated/.made-from",
};

const DASHBOARD: Product = {
  inputs: [
    "app/**/*.*",
    "server/**/*.*",
    "prisma/schema.prisma",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "next.config.js",
    "postcss.config.mjs",
    "proxy.ts",
  ],
  leaveOut: (path) => isTest(path) || path.startsWith("server/db/generated/"),
  result: ".next/BUILD_ID",
  stamp: ".next/made-from",
};

function fingerprint({ inputs, leaveOut }: Product): string {
  const hash = createHash("sha256");
  const files = globSync(inputs).filter((path) => !leaveOut(path) && statSync(path).isFile());
  for (const path of files.toSorted()) hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

const isCurrent = (product: Product, print: string) => existsSync(product.result) && existsSync(product.stamp) && readFileSync(product.stamp, "utf8") === print;

/** Would `build` have to build the dashboard? */
export const needsBuild = (): boolean => !isCurrent(DASHBOARD, fingerprint(DASHBOARD));

/** Writes the database client from the schema where the schema changed. @throws Refusal with the tool's words. */
export async function generateClient(): Promise<void> {
  // Nothing native is called when generating; without a name the tool would download an engine.
  const engine = { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" };
  await make(CLIENT, ["node_modules/prisma/build/index.js", "generate"], engine, () => undefined);
}

/** Builds the dashboard where a source of it changed; tells what the build is doing. @throws Refusal with the build's words. */
export async function buildDashboard(onProgress: (text: string) => void): Promise<void> {
  await make(DASHBOARD, ["node_modules/next/dist/bin/next", "build"], { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }, (line) => {
    const stage = /Compiled|Collecting|Generating|Finalizing|Creating/.exec(line)?.[0];
    if (stage !== undefined) onProgress(line.replaceAll(/^[^A-Z]+|\s*\.\.\.$/g, "").trim());
  });
}

async function make(product: Product, command: string[], environment: Record<string, string>, onLine: (line: string) => void) {
  const print = fingerprint(product);
  if (isCurrent(product, print)) return;
  rmSync(product.stamp, { force: true });
  const { code, said } = await run(command, environment, onLine);
  if (code !== 0) throw new Refusal(`\`${command.slice(0, 2).join(" ")}\` ended with ${code}:\n${said.slice(-40).join("\n")}`);
  mkdirSync(dirname(product.stamp), { recursive: true });
  writeFileSync(product.stamp, print);
}

function run(command: string[], environment: Record<string, string>, onLine: (line: string) => void): Promise<{ code: number | null; said: string[] }> {
  // FORCE_COLOR off: the lines are read here.
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment, NO_COLOR: "1" } });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line);
      onLine(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, said }));
  });
}
