import { expect, test } from "vitest";

import type { Attempt, Run, RunSummary } from "#server/contracts/runs.ts";

import { patchAttempt, patchRows, patchRun, patchUsage } from "./patch-cache.ts";

const row = (id: string, name: string) => ({ id, name }) as RunSummary;

test("rows change in place and keep their order; unknown ones are left out", () => {
  const page = { items: [row("a", "1"), row("b", "1"), row("c", "1")], nextCursor: "c" };
  const patched = patchRows(page, [row("c", "2"), row("a", "2"), row("z", "2")]);
  expect(patched.items.map((run) => run.id + run.name)).toEqual(["a2", "b1", "c2"]);
  expect(patched.nextCursor).toBe("c");
  expect(patchRows(page, [row("z", "2")])).toBe(page);
});

test("a run from the stream does not wipe the script that was loaded", () => {
  const old = { id: "a", status: "queued", source: "echo", env: { A: "1" }, stdin: null } as unknown as Run;
  const patched = patchRun(old, { id: "a", status: "running" } as Run);
  expect(patched).toEqual({ id: "a", status: "running", source: "echo", env: { A: "1" }, stdin: null });
});

test("an attempt replaces its like, or takes its place in the sequence", () => {
  const run = { attempts: [{ number: 1 }, { number: 3 }] } as Run;
  expect(patchAttempt(run, { number: 2 } as Attempt).attempts.map((attempt) => attempt.number)).toEqual([1, 2, 3]);
  expect(patchAttempt(run, { number: 3, exitCode: 7 } as Attempt).attempts).toEqual([{ number: 1 }, { number: 3, exitCode: 7 }]);
});

test("samples stay in order and come once, and only for the attempt that is shown", () => {
  const sample = (atMs: number) => ({ atMs, memoryBytes: 1, cpuMs: 1, throttledMs: 0, pids: 1 });
  const usage = { attempt: 2, samples: [sample(0), sample(1000)] };
  expect(patchUsage(usage, 2, [sample(1000), sample(500), sample(2000)]).samples.map((one) => one.atMs)).toEqual([0, 500, 1000, 2000]);
  expect(patchUsage(usage, 1, [sample(3000)])).toBe(usage);
  expect(patchUsage(usage, 2, [sample(1000)])).toBe(usage);
});
