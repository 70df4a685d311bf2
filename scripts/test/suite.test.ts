import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { countLastLine, countPlaywright, countVitest } from "./count-results.ts";
import { runSuite } from "./suite.ts";

/** Nothing passes by not being run. */

describe("a suite fails that", () => {
  const nothing = () => ({ passed: 0, failed: 0 });
  const three = () => ({ passed: 3, failed: 0 });

  test.each([
    ["can't be started", { command: ["/nonexistent"] }, 0],
    ["ends badly", { command: ["false"] }, 0],
    ["ran no test", { command: ["true"], count: nothing }, 0],
    ["ends badly though no test failed", { command: ["false"], count: three }, 3],
    ["left no readable result", { command: ["true"], count: () => countVitest("/nonexistent") }, 0],
  ])("%s", async (_why, suite, passed) => {
    expect(await runSuite({ title: "suite", ...suite })).toMatchObject({ passed, failed: 1 });
  });

  test("and passes otherwise, with all it said", async () => {
    expect(await runSuite({ title: "suite", command: ["sh", "-c", "echo out; echo err >&2"], count: three })).toMatchObject({
      passed: 3,
      failed: 0,
      output: expect.stringMatching(/out|err/) as unknown,
    });
  });
});

describe("counts", () => {
  let directory: string;
  const written = (report: unknown) => {
    const file = join(directory, "report.json");
    writeFileSync(file, JSON.stringify(report));
    return file;
  };
  beforeAll(() => (directory = mkdtempSync(join(tmpdir(), "corral-count-"))));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("a file that can't be loaded and a test that is skipped are Vitest's failures", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{}] },
      { status: "passed", assertionResults: [{}, {}, {}] },
    ];
    expect(countVitest(written({ numPassedTests: 2, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, testResults }))).toEqual({ passed: 2, failed: 4 });
  });

  test("flaky, skipped and what failed outside tests are Playwright's failures", () => {
    expect(countPlaywright(written({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 1 }, errors: [{}] }))).toEqual({ passed: 5, failed: 4 });
  });

  test("the last count of a runner of our own", () => {
    expect(countLastLine("1 passed, 0 failed\nmore\n12 passed, 3 failed\n")).toEqual({ passed: 12, failed: 3 });
    expect(() => countLastLine("it broke")).toThrow("did not say");
  });
});
