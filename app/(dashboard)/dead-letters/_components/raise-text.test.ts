import { expect, test } from "vitest";

import type { SettingsValues } from "#server/contracts/settings.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";

import { previewWords, readRaise } from "./raise-text.ts";

const MIB = 1024 ** 2;
const rules = Object.fromEntries(LIMIT_NAMES.map((name) => [name, { default: 64 * MIB, maximum: 1024 * MIB }])) as SettingsValues["limits"];

test("a limit is set, multiplied, or left to each run", () => {
  expect(readRaise({ memoryBytes: "512M", timeoutMs: "× 2", cpuMillis: "", pidsMax: "1.5x", diskMaxBytes: "*4" }, rules)).toEqual({
    limits: { memoryBytes: 512 * MIB },
    limitFactors: { timeoutMs: 2, pidsMax: 1.5, diskMaxBytes: 4 },
    problems: {},
  });
});

test("what can't be used is said by its limit, and not sent", () => {
  const { limits, limitFactors, problems } = readRaise({ memoryBytes: "8 GiB", timeoutMs: "x 0.5", cpuMillis: "lots", pidsMax: "× 101" }, rules);
  expect([limits, limitFactors]).toEqual([{}, {}]);
  expect(problems.memoryBytes).toMatch(/maximum of 1 GiB/);
  expect(problems.timeoutMs).toBe("A factor from 1 to 100.");
  expect(problems.pidsMax).toBe("A factor from 1 to 100.");
  expect(problems.cpuMillis).toMatch(/^Can’t be read\. Write it like .*, or × 2\.$/);
});

test("before and after in words, with what is worth a second look", () => {
  const preview = {
    name: "memoryBytes" as const,
    before: { min: 64 * MIB, max: 800 * MIB },
    after: { min: 128 * MIB, max: 1024 * MIB },
    clamped: 3,
    lowered: 0,
  };
  expect(previewWords(preview, 1024 * MIB)).toEqual({ before: "64 MiB to 800 MiB", after: "128 MiB to 1 GiB", warnings: ["3 stop at the maximum of 1 GiB."] });
  const one = { ...preview, before: { min: MIB, max: MIB }, after: { min: MIB, max: MIB }, clamped: 1, lowered: 1 };
  expect(previewWords(one, 1024 * MIB)).toEqual({
    before: "1 MiB",
    after: "1 MiB",
    warnings: ["1 stops at the maximum of 1 GiB.", "1 gets less than it had."],
  });
  expect(previewWords({ ...preview, clamped: 0, lowered: 2 }, 1024 * MIB).warnings).toEqual(["2 get less than they had."]);
});
