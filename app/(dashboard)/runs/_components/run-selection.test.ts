import { expect, test } from "vitest";

import type { RunStatus } from "#server/contracts/statuses.ts";

import { SELECTION_MAX, isCancellable, isRetryable, refreshed, rowsBetween, select } from "./run-selection.ts";
import type { RunSelection, SelectedRun } from "./run-selection.ts";

const run = (id: string, status: RunStatus = "queued", cancelRequestedAt: string | null = null): SelectedRun => ({ id, name: id, status, cancelRequestedAt });
const none: RunSelection = new Map();

test("a selection keeps what is not on the page, and knows the newest of what is", () => {
  const selection = select(select(none, [run("a"), run("b")], true), [run("c")], true);
  expect(refreshed(selection, [run("b", "running")]).map(({ id, status }) => `${id} ${status}`)).toEqual(["a queued", "b running", "c queued"]);
  expect([...select(selection, [run("b")], false).keys()]).toEqual(["a", "c"]);
});

test("no more are selected than the server takes at once", () => {
  const many = Array.from({ length: SELECTION_MAX + 5 }, (_, index) => run(String(index)));
  expect(select(none, many, true).size).toBe(SELECTION_MAX);
});

test("a range goes from the row touched last, in either direction", () => {
  const rows = ["a", "b", "c", "d"].map((id) => run(id));
  const ids = (anchor: string | null, id: string) => rowsBetween(rows, anchor, id).map((row) => row.id);
  expect(ids("b", "d")).toEqual(["b", "c", "d"]);
  expect(ids("c", "a")).toEqual(["a", "b", "c"]);
  expect(ids(null, "c")).toEqual(["c"]);
  expect(ids("gone", "c")).toEqual(["c"]);
  expect(ids("a", "gone")).toEqual([]);
});

test("what can be done follows from where a run stands", () => {
  expect([run("a", "running"), run("a", "queued"), run("a", "retrying")].every(isCancellable)).toBe(true);
  expect(isCancellable(run("a", "running", "2026-03-01T00:00:00.000Z"))).toBe(false);
  expect(isCancellable(run("a", "dead"))).toBe(false);
  expect([run("a", "dead"), run("a", "failed"), run("a", "retrying")].every(isRetryable)).toBe(true);
  expect([run("a", "succeeded"), run("a", "cancelled"), run("a", "discarded"), run("a", "running")].some(isRetryable)).toBe(false);
});
