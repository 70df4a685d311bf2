import { expect, test } from "vitest";

import type { RunFilter, RunSummary } from "#server/contracts/runs.ts";

import { matchesFilter } from "./matches-filter.ts";

const run = {
  id: "0192-a",
  name: "Nightly report",
  language: "python",
  status: "dead",
  outcome: "timeout",
  tags: ["team:data", "nightly"],
  createdAt: "2026-03-01T12:00:00.000Z",
} as RunSummary;

test.each<[RunFilter, boolean]>([
  [{}, true],
  [{ status: ["dead", "failed"] }, true],
  [{ status: ["running"] }, false],
  [{ outcome: ["timeout"] }, true],
  [{ outcome: ["signal"] }, false],
  [{ language: ["bash"] }, false],
  [{ language: ["python"], status: ["dead"] }, true],
  [{ language: ["python"], status: ["queued"] }, false],
  [{ tag: ["nightly"] }, true],
  [{ tag: ["nightly", "team:data"] }, true],
  [{ tag: ["nightly", "weekly"] }, false],
  [{ q: "REPORT" }, true],
  [{ q: "0192-a" }, true],
  [{ q: "other" }, false],
  [{ from: "2026-03-01T12:00:00.000Z" }, true],
  [{ to: "2026-03-01T12:00:00.000Z" }, false],
])("%o → %s", (filter, expected) => {
  expect(matchesFilter(run, filter)).toBe(expected);
});

test("a run without an outcome matches no outcome filter", () => {
  expect(matchesFilter({ ...run, outcome: null }, { outcome: ["timeout"] })).toBe(false);
});
