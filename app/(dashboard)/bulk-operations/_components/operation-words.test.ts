import { expect, test } from "vitest";

import { canaryWords, changeWords, selectionWords, timeLeftMs, toneOf } from "./operation-words.ts";

const NONE = { named: 0, filter: {}, excluded: 0, excludedGroups: 0, included: 0 };

test.each([
  [{ ...NONE, named: 3, filter: null }, "3 dead letters chosen one by one"],
  [NONE, "All dead letters"],
  [
    { ...NONE, filter: { outcome: ["timeout" as const, "signal" as const], tag: ["nightly"], q: "import" }, excluded: 1 },
    "All dead letters that meet: name or id has “import”; outcome timed out or signal; tagged “nightly”, less 1 dead letter unticked",
  ],
  [
    { ...NONE, filter: { group: ["0123456789abcdef"] }, excludedGroups: 2, included: 4 },
    "All dead letters that meet: in the group “01234567”, less 2 groups unticked, and 4 more chosen one by one",
  ],
])("a selection in words: %j", (selection, words) => {
  expect(selectionWords(selection)).toBe(words);
});

test("what it changes, each by its name and in its unit", () => {
  expect(changeWords({ limits: null, limitFactors: null, retry: null })).toEqual([]);
  expect(
    changeWords({ limits: { memoryBytes: 512 * 1024 ** 2 }, limitFactors: { timeoutMs: 2 }, retry: { maxRetries: 5, delayMs: 1_000, jitter: false } }),
  ).toEqual([
    { name: "Timeout", value: "× 2 of each run’s own, up to the maximum" },
    { name: "Memory", value: "512 MiB" },
    { name: "Retries", value: "5" },
    { name: "First delay", value: "1 s" },
    { name: "Jitter", value: "off" },
  ]);
});

const canary = { count: 5, passPercent: 80, state: "waiting" as const, succeeded: 0, failed: 0 };

test.each([
  [{ canary, total: 100, status: "running" as const }, "0 passed, 0 failed, 5 have not ended.", undefined],
  [{ canary: { ...canary, succeeded: 3, failed: 1 }, total: 100, status: "paused" as const }, "3 passed, 1 failed, 1 has not ended.", undefined],
  [{ canary: { ...canary, succeeded: 3, failed: 2 }, total: 100, status: "paused" as const }, "3 passed, 2 failed.", "Canary failed"],
  [
    { canary: { ...canary, succeeded: 4, failed: 1, state: "judged" as const }, total: 100, status: "finished" as const },
    "4 passed, 1 failed.",
    "Canary passed",
  ],
  [{ canary: { ...canary, failed: 5, state: "judged" as const }, total: 100, status: "running" as const }, "0 passed, 5 failed.", "Let go all the same"],
  [{ canary, total: 2, status: "aborted" as const }, "0 passed, 0 failed, 2 have not ended.", "Canary not judged"],
])("a canary's verdict: %j", (operation, result, label) => {
  const words = canaryWords(operation);
  expect([words?.result, words?.verdict?.label]).toEqual([result, label]);
});

test("the time left follows from the pace, and is none without one", () => {
  expect(timeLeftMs({ status: "running", total: 100, done: 40, ratePerMinute: 30 })).toBe(120_000);
  expect(timeLeftMs({ status: "running", total: 100, done: 40, ratePerMinute: null })).toBeNull();
  expect(timeLeftMs({ status: "aborted", total: 100, done: 40, ratePerMinute: 30 })).toBeNull();
  expect([toneOf({ status: "finished", failed: 1 }), toneOf({ status: "finished", failed: 0 })]).toEqual(["danger", "success"]);
});
