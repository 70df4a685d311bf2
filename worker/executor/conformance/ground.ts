import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createExecutor } from "../executor.ts";
import { GROUNDS } from "./case.ts";
import type { Ground } from "./case.ts";
import { casesOn } from "./list.ts";
import { runCase } from "./run-case.ts";

// Runs every case of a ground in this process, without a test framework: where it is started no framework could be loaded, or
// loading it would take longer than all cases. `node ground.ts "v2 root" 32000000`; ends with `N passed, N failed`. Numbers of
// cases behind it run only those.

/**
 * Runs the cases and prints a line each.
 * @param only numbers of cases; all of them when empty
 * @returns how many passed and failed
 */
export async function runGround(ground: Ground, floodBytes: number, only: readonly number[]): Promise<{ passed: number; failed: number }> {
  const directory = mkdtempSync(join(tmpdir(), "corral-ground-"));
  // As a data directory is: scripts' uids pass through it.
  chmodSync(directory, 0o755);
  const executor = await createExecutor({ directory, instance: `ground-${process.pid}`, allowUnenforced: false, maxConcurrent: 4 });
  const count = { passed: 0, failed: 0 };
  const { driver, isolation, network } = executor.capabilities;
  console.log(`${ground}: ${driver}, ${isolation}, network ${network}`);
  const cases = casesOn(ground, floodBytes).filter(({ number }) => only.length === 0 || only.includes(number));
  for (const testCase of cases) {
    const began = performance.now();
    try {
      await runCase(executor, ground, testCase);
      count.passed += 1;
      console.log(`✓ ${ground} case ${testCase.number}: ${testCase.title} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      count.failed += 1;
      console.log(`✗ ${ground} case ${testCase.number}: ${testCase.title}\n${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await executor.close();
  rmSync(directory, { recursive: true });
  return count;
}

if (import.meta.main) {
  const ground = GROUNDS.find((name) => name === process.argv[2]);
  if (ground === undefined) throw new Error(`A ground is one of ${GROUNDS.join(", ")}.`);
  const { passed, failed } = await runGround(ground, Number(process.argv[3]), process.argv.slice(4).map(Number));
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
