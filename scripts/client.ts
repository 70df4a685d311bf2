import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, cpSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** `npm run client` writes the OpenAPI document and the client made from it; `-- --check` only says whether they are those of this version. */

const CLIENT = "clients/typescript";
const MADE = ["openapi.json", "src"];

// The API's modules read the configuration; the document is the same whatever it says.
process.env["CORRAL_AUTH_SECRET"] ??= "none is needed to describe the API.";

async function generate(directory: string): Promise<void> {
  const { readDocument } = await import("#server/api/rest-handler.ts");
  writeFileSync(join(directory, "openapi.json"), `${JSON.stringify(readDocument(), null, 2)}\n`);
  const child = spawn(process.execPath, ["node_modules/@hey-api/openapi-ts/bin/run.js"], { cwd: directory, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`openapi-ts ended with ${code}.`);
}

/** Every generated file with its text. */
const filesOf = (directory: string) =>
  new Map(
    MADE.flatMap((made) => [made, ...globSync(`${made}/**/*.ts`, { cwd: directory })])
      .filter((path) => /\.(ts|json)$/.test(path))
      .toSorted()
      .map((path) => [path, readFileSync(join(directory, path), "utf8")]),
  );

async function check(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "corral-client-"));
  try {
    for (const path of ["package.json", "openapi-ts.config.mjs"]) cpSync(join(CLIENT, path), join(directory, path));
    symlinkSync(join(process.cwd(), CLIENT, "node_modules"), join(directory, "node_modules"));
    await generate(directory);
    const [wanted, found] = [filesOf(directory), filesOf(CLIENT)];
    const differing = [...new Set([...wanted.keys(), ...found.keys()])].filter((path) => wanted.get(path) !== found.get(path));
    if (differing.length === 0) return 0;
    console.error(`${CLIENT} is not what this version's API makes: ${differing.join(", ")}. Write it anew with: npm run client`);
    return 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { check: { type: "boolean" } } });
if (values.check === true) process.exit(await check());
await generate(CLIENT);
process.exit(0);
