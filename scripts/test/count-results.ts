import { readFileSync } from "node:fs";

import type { Count } from "./suite.ts";

/** The runners' reports, as counts. A test that was skipped was not passed: it is counted as failed. */

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
};

/** Counts Vitest's JSON report; a file that could not even be loaded is one failure. */
export function countVitest(file: string): Count {
  const report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  const unloaded = report.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numPendingTests + report.numTodoTests + unloaded };
}

type PlaywrightReport = { stats: { expected: number; unexpected: number; flaky: number; skipped: number }; errors: unknown[] };

/** Counts Playwright's JSON report; its errors are those outside tests, as in the set-up and at the end. */
export function countPlaywright(file: string): Count {
  const { stats, errors } = JSON.parse(readFileSync(file, "utf8")) as PlaywrightReport;
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped + errors.length };
}

/** Reads the last line of a runner of our own: `N passed, N failed`. */
export function countLastLine(output: string): Count {
  const counted = /^(\d+) passed, (\d+) failed$/.exec(
    output
      .trimEnd()
      .split("\n")
      .findLast((line) => / passed, /.test(line)) ?? "",
  );
  if (counted === null) throw new Error("it did not say how many passed and failed");
  return { passed: Number(counted[1]), failed: Number(counted[2]) };
}
