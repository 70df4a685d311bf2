import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { abort, runSuite } from "./suite.ts";
import type { Suite, Verdict } from "./suite.ts";

/**
 * Runs stages one after another, the suites of a stage side by side, as many as there are processors (two at least).
 * Says each result when it is there, and at the end all that failed: what each said besides of what passed, and their
 * names once more, so that the end of a long log tells the whole.
 */
export async function runStages(plan: (reports: string) => Suite[][]): Promise<{ passed: number; failed: number }> {
  const reports = mkdtempSync(join(tmpdir(), "corral-reports-"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, abort);
  const verdicts: Verdict[] = [];
  try {
    for (const stage of plan(reports)) verdicts.push(...(await runStage(stage)));
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  const failures = verdicts.filter(({ failed }) => failed > 0);
  for (const { title, output } of failures) console.log(`\n━━ ${title} ━━\n${withoutPassed(output)}`);
  if (failures.length > 0) console.log(`\nFailed: ${failures.map(({ title, failed }) => `${title} (${failed})`).join(", ")}`);
  const sum = (of: "passed" | "failed") => verdicts.reduce((total, verdict) => total + verdict[of], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}

const withoutPassed = (output: string) =>
  output
    .split("\n")
    .filter((line) => !/^\s*✓/.test(line))
    .join("\n")
    .trim();

async function runStage(stage: Suite[]): Promise<Verdict[]> {
  const waiting = [...stage];
  const verdicts: Verdict[] = [];
  const runNext = async (): Promise<void> => {
    const suite = waiting.shift();
    if (suite === undefined) return;
    console.log(`      ${suite.title}…`);
    const verdict = await runSuite(suite);
    verdicts.push(verdict);
    const counted = suite.count === undefined ? "" : `: ${verdict.passed} passed${verdict.failed > 0 ? `, ${verdict.failed} failed` : ""}`;
    console.log(`  ${verdict.failed === 0 ? "✓" : "✗"}   ${suite.title}${counted} (${verdict.took})`);
    return runNext();
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, runNext));
  return verdicts;
}

/** Says the totals in the one line that machines read, last, and ends the process accordingly. */
export function conclude({ passed, failed }: { passed: number; failed: number }): never {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
