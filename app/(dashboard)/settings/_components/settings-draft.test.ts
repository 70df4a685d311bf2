import { describe, expect, it, test } from "vitest";

import type { Limits } from "#server/contracts/policy.ts";
import type { Settings, SettingsValues } from "#server/contracts/settings.ts";
import { settingsValuesSchema } from "#server/contracts/settings.ts";

import { settingName, settingText } from "./change-text.ts";
import { onTopOf, theirChanges } from "./settings-conflict.ts";
import { countChanges, draftOfSettings, readSettings } from "./settings-draft.ts";
import type { SettingsDraft } from "./settings-draft.ts";
import { exceedingText, loweredMaxima } from "./use-exceeding.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const settings: SettingsValues = {
  limits: {
    timeoutMs: { default: 300_000, maximum: 3_600_000 },
    memoryBytes: { default: GIB, maximum: 4 * GIB },
    cpuMillis: { default: 2000, maximum: 2000 },
    pidsMax: { default: 256, maximum: 4096 },
    outputMaxBytes: { default: 10 * MIB, maximum: 256 * MIB },
    diskMaxBytes: { default: 512 * MIB, maximum: 4_123_000_001 },
  },
  retry: {
    maxRetries: { default: 3, maximum: 10 },
    backoff: "exponential",
    delayMs: 1000,
    maxDelayMs: 300_000,
    jitter: true,
    retryOn: ["timeout", "signal"],
    finalExitCodes: [],
    retryExitCodes: [],
    memoryFactor: 1,
    timeoutFactor: 1,
  },
  execute: { defaultWaitMs: 60_000, maximumWaitMs: 600_000, maximumQueued: 64 },
  termination: { gracePeriodMs: 5_000, onOutputLimit: "truncate" },
  network: { allowed: false },
  retention: { runsDays: 30, deadLettersDays: 90, outputDays: 90 },
};
const ceilings: Limits = { timeoutMs: 86_400_000, memoryBytes: 7 * GIB, cpuMillis: 2000, pidsMax: 32_768, outputMaxBytes: GIB, diskMaxBytes: 7 * GIB };
const changed = (change: (draft: SettingsDraft) => void) => {
  const draft = draftOfSettings(settings);
  change(draft);
  return draft;
};

describe("a settings form", () => {
  it("means the very settings it was made of", () => {
    const { values, problems } = readSettings(draftOfSettings(settings), ceilings, settings);
    expect(problems).toEqual({});
    expect(values).toEqual(settings);
    expect(settingsValuesSchema.safeParse(values).success).toBe(true);
    expect(countChanges(draftOfSettings(settings), settings, ceilings)).toBe(0);
  });

  it.each<[string, (draft: SettingsDraft) => void, string]>([
    ["limits.memoryBytes.default", (draft) => (draft.limits.memoryBytes.default = "5 GiB"), "Above the maximum of 4 GiB."],
    ["limits.memoryBytes.default", (draft) => (draft.limits.memoryBytes.maximum = "512M"), "Above the maximum of 512 MiB."],
    ["limits.memoryBytes.maximum", (draft) => (draft.limits.memoryBytes.maximum = "8 GiB"), "Above what the host can give: 7 GiB."],
    ["limits.memoryBytes.maximum", (draft) => (draft.limits.memoryBytes.maximum = "much"), "Can’t be read. Write it like 512M or 1.5 GiB."],
    ["limits.timeoutMs.default", (draft) => (draft.limits.timeoutMs.default = "10ms"), "At least 100 ms, or no script can start."],
    ["retry.maxRetries.default", (draft) => (draft.retry.default = "11"), "Above the maximum of 10."],
    ["retry.maxRetries.maximum", (draft) => (draft.retry.maximum = "101"), "A whole number from 0 to 100."],
    ["retry.delayMs", (draft) => (draft.retry.delay = "10m"), "Longer than the longest delay."],
    ["execute.defaultWaitMs", (draft) => (draft.execute.defaultWait = "20m"), "Above the maximum wait."],
    ["termination.gracePeriodMs", (draft) => (draft.termination.gracePeriod = "2m"), "At most 1 min."],
    ["retention.runsDays", (draft) => (draft.retention.runs = "0"), "A whole number from 1 to 3650."],
  ])("names what is wrong with %s", (path, change, message) => {
    const { problems } = readSettings(changed(change), ceilings, settings);
    expect(problems).toEqual({ [path]: message });
  });

  it("counts changes of meaning, not of writing", () => {
    expect(
      countChanges(
        changed((draft) => (draft.limits.memoryBytes.default = "1024M")),
        settings,
        ceilings,
      ),
    ).toBe(0);
    expect(
      countChanges(
        changed((draft) => (draft.limits.memoryBytes.default = "2G")),
        settings,
        ceilings,
      ),
    ).toBe(1);
    expect(
      countChanges(
        changed((draft) => (draft.limits.memoryBytes.default = "?")),
        settings,
        ceilings,
      ),
    ).toBe(1);
    const three = changed((draft) => {
      draft.network = { allowed: true };
      draft.retry.retryOn = [];
      draft.retention.runs = "7";
    });
    expect(countChanges(three, settings, ceilings)).toBe(3);
  });
});

it("does not hold a maximum that stays as it was against a host that became smaller", () => {
  const smaller = { ...ceilings, memoryBytes: 2 * GIB };
  expect(readSettings(draftOfSettings(settings), smaller, settings).problems).toEqual({});
  const raised = changed((draft) => (draft.limits.memoryBytes.maximum = "5 GiB"));
  expect(readSettings(raised, smaller, settings).problems).toEqual({ "limits.memoryBytes.maximum": "Above what the host can give: 2 GiB." });
});

describe("another's change meanwhile", () => {
  const version = (number: number, values: SettingsValues): Settings => ({
    ...values,
    version: number,
    updatedAt: "2026-03-01T12:00:00.000Z",
    updatedBy: "anna",
    ceilings,
  });
  const base = version(3, settings);
  const now = version(4, {
    ...settings,
    limits: { ...settings.limits, pidsMax: { default: 128, maximum: 512 } },
    network: { allowed: true },
  });
  const mine = changed((draft) => {
    draft.limits.pidsMax.maximum = "1024";
    draft.retention.runs = "7";
    draft.limits.memoryBytes.default = "1024M";
  });

  it("is told leaf by leaf, with what the reader set of the same", () => {
    expect(theirChanges(mine, base, now)).toEqual([
      { path: "limits.pidsMax.default", before: 256, after: 128 },
      { path: "limits.pidsMax.maximum", before: 4096, after: 512, mine: 1024 },
      { path: "network.allowed", before: false, after: true },
    ]);
  });

  it("is taken over, but for what the reader changed too", () => {
    const merged = onTopOf(mine, base, now);
    const { values, problems } = readSettings(merged, ceilings, now);
    expect(problems).toEqual({});
    expect(values).toEqual({
      ...settings,
      limits: { ...settings.limits, pidsMax: { default: 128, maximum: 1024 } },
      network: { allowed: true },
      retention: { runsDays: 7, deadLettersDays: 90, outputDays: 90 },
    });
    expect(countChanges(merged, now, ceilings)).toBe(2);
  });

  it("leaves what can't be read for the reader to put right", () => {
    const unreadable = changed((draft) => (draft.limits.memoryBytes.maximum = "much"));
    expect(onTopOf(unreadable, base, now)).toMatchObject({ limits: { memoryBytes: { maximum: "much" }, pidsMax: { default: "128" } } });
  });
});

test("lowered maxima are asked about, and what exceeds them is said", () => {
  const lower = changed((draft) => {
    draft.limits.memoryBytes.maximum = "2 GiB";
    draft.limits.timeoutMs.maximum = "2h";
    draft.limits.pidsMax.maximum = "?";
  });
  const { values, problems } = readSettings(lower, ceilings, settings);
  expect(loweredMaxima(values, settings, problems)).toEqual({ memoryBytes: 2 * GIB });
  expect(exceedingText(3, true)).toBe("3 queued runs exceed the new maximum and keep what they were given.");
  expect([exceedingText(1, true), exceedingText(9_000, false)]).toEqual([
    "1 queued run exceeds the new maximum and keeps what it was given.",
    "At least 9,000 queued runs exceed the new maximum and keep what they were given.",
  ]);
});

describe("the audit list", () => {
  it.each([
    ["limits.memoryBytes.maximum", 4 * GIB, "Memory, maximum", "4 GiB"],
    ["limits.timeoutMs.default", 90_000, "Timeout, default", "1 min 30 s"],
    ["limits.pidsMax.default", 256, "Processes, default", "256"],
    ["retry.maxRetries.default", 3, "Retries, default", "3"],
    ["retry.retryOn", ["timeout", "signal"], "Retry after", "Timed out, Signal"],
    ["retry.jitter", false, "Jitter", "off"],
    ["network.allowed", true, "Network access", "allowed"],
    ["retention.runsDays", 30, "Keep runs", "30 days"],
    ["something.new", undefined, "something.new", "not set"],
  ])("tells %s in words", (path, value, name, text) => {
    expect([settingName(path), settingText(path, value)]).toEqual([name, text]);
  });
});
