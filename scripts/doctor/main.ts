import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ConfigError, readConfig } from "#server/config.ts";
import type { Config } from "#server/config.ts";
import type { Check } from "#worker/doctor/check.ts";

import { generateClient } from "../build.ts";
import { enterDelegatedScope } from "../start/delegated-scope.ts";
import { INSTANCE_FILE } from "../start/instance-file.ts";
import type { InstanceFile } from "../start/instance-file.ts";

// `npm run doctor` once the packages are there: everything that a worker depends on, each with what to do about it. Ends with 1
// when something failed. `--json` prints the same as one document.

const MARKS: Record<Check["status"], string> = { ok: "✓", warning: "!", failed: "✗" };

function print(checks: Check[]): void {
  const width = Math.max(...checks.map(({ title }) => title.length));
  for (const { status, title, found, remedy } of checks) {
    console.log(`${MARKS[status]} ${title.padEnd(width)}  ${found}`);
    if (remedy !== null) console.log(`  ${" ".repeat(width)}  → ${remedy}`);
  }
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  const [failures, warnings] = [count("failed"), count("warning")];
  const verdict = failures > 0 ? "No worker starts here before that is put right." : "A worker can run here.";
  console.log(`\n${checks.length} checks: ${count("ok")} ok, ${warnings} with a remark, ${failures} failed. ${verdict}`);
}

/** The database to look at: the one that is set, or the embedded one if it runs. */
function databaseOf({ databaseUrl, dataDir }: Config): string | null {
  if (databaseUrl !== null) return databaseUrl;
  const file = join(dataDir, INSTANCE_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as InstanceFile).databaseUrl : null;
}

try {
  // Where npm start would be.
  await enterDelegatedScope();
  const config = readConfig();
  await generateClient();
  // Only now: they import the client that was just generated.
  const { checkHost } = await import("#worker/doctor/host-checks.ts");
  const { checkDatabase } = await import("#worker/doctor/database-checks.ts");
  const checks = [...(await checkHost(config)), ...(await checkDatabase(databaseOf(config)))];
  if (process.argv.includes("--json")) console.log(JSON.stringify({ checks }, null, 2));
  else print(checks);
  process.exit(checks.some(({ status }) => status === "failed") ? 1 : 0);
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
