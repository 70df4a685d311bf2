import { join } from "node:path";

import { countLastLine, countPlaywright, countVitest } from "./count-results.ts";
import type { Suite } from "./suite.ts";

/** Everything that is run and counted. What a check is called here is what to fix it with: `npm run format`, … */

const node = (script: string, ...args: string[]) => [process.execPath, script, ...args];
const bin = (name: string, ...args: string[]) => [`node_modules/.bin/${name}`, ...args];

/** One result each: passed or not. */
export const CHECKS: Suite[] = [
  { title: "Format", command: bin("oxfmt", "--check") },
  { title: "Lint", command: bin("oxlint", "--type-aware", "--deny-warnings") },
  { title: "Types", command: bin("tsc", "--noEmit") },
  { title: "Dead code", command: bin("knip") },
  { title: "Import directions", command: node("scripts/checks/main.ts") },
  { title: "Client", command: node("scripts/client.ts", "--check") },
  { title: "Migrations", command: node("scripts/migration.ts", "--check") },
];

const vitest = (title: string, reports: string, ...projects: string[]): Suite => {
  const report = join(reports, `${projects.join("-")}.json`);
  const chosen = projects.flatMap((project) => ["--project", project]);
  return {
    title,
    command: bin("vitest", "run", ...chosen, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`),
    count: () => countVitest(report),
  };
};

/** Tests that need a processor and PostgreSQL. `reports` is where the runners write what they counted. */
export const unitAndIntegration = (reports: string): Suite => vitest("Unit and integration tests", reports, "unit", "integration");

/** The executor on this machine's own cgroups: real clocks, so nothing beside it. */
export const executor = (reports: string): Suite => vitest("Executor tests", reports, "executor");

/** The executor on cgroup v2, in a kernel of its own. */
export const cgroup2: Suite = { title: "Executor on cgroup v2", command: node("scripts/cgroup2/run.mjs"), count: countLastLine };

/** The short form of `npm run chaos`: a whole Corral on two hosts, broken in every way once. */
export const chaos: Suite = { title: "Chaos", command: node("chaos/main.ts", "--seeds", "1", "--jobs", "2"), count: countLastLine };

/** A whole Corral in a real browser. */
export const endToEnd = (reports: string): Suite => {
  const report = join(reports, "e2e.json");
  return {
    title: "End-to-end tests",
    // Playwright asks its own processes for colours, which Node.js warns of where NO_COLOR forbids them.
    command: ["env", "-u", "NO_COLOR", "FORCE_COLOR=0", `PLAYWRIGHT_JSON_OUTPUT_NAME=${report}`, ...bin("playwright", "test", "--reporter=list,json")],
    count: () => countPlaywright(report),
  };
};
