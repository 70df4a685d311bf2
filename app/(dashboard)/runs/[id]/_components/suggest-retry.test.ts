import { expect, test } from "vitest";

import { suggestRetry } from "./suggest-retry.ts";

const MiB = 1024 * 1024;
const limits = { timeoutMs: 30_000, memoryBytes: 256 * MiB, cpuMillis: 1000, pidsMax: 64, outputMaxBytes: MiB, diskMaxBytes: 64 * MiB };

test("the limit that was hit is doubled", () => {
  expect(suggestRetry("out_of_memory", limits, {})).toEqual({ limits: { memoryBytes: 512 * MiB }, label: "Retry with 512 MiB" });
  expect(suggestRetry("timeout", limits, {})).toEqual({ limits: { timeoutMs: 60_000 }, label: "Retry with 1 min" });
  expect(suggestRetry("process_limit", limits, {})).toEqual({ limits: { pidsMax: 128 }, label: "Retry with 128 processes" });
});

test("never above the maximum, and not at all when it is reached", () => {
  expect(suggestRetry("out_of_memory", limits, { memoryBytes: 384 * MiB })?.label).toBe("Retry with 384 MiB");
  expect(suggestRetry("out_of_memory", limits, { memoryBytes: 256 * MiB })).toBeNull();
});

test("an outcome that is no limit's suggests none", () => {
  expect(suggestRetry("exit_nonzero", limits, {})).toBeNull();
  expect(suggestRetry(null, limits, {})).toBeNull();
});
