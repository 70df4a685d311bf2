import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createPaced } from "./paced.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What was worked on, with the moment at which it began. */
function recorder(tookMs: number) {
  const began = performance.now();
  const batches: [atMs: number, items: string[]][] = [];
  const add = createPaced(async (items: string[]) => {
    batches.push([Math.round(performance.now() - began), items]);
    await new Promise((resolve) => setTimeout(resolve, tookMs));
  }, 40);
  return { add, batches };
}

test("the first goes at once, the next together and not before their time, each once", async () => {
  const { add, batches } = recorder(1);
  add(["a", "b"]);
  add(["a"]);
  await vi.advanceTimersByTimeAsync(10);
  add(["c"]);
  await vi.advanceTimersByTimeAsync(10);
  add(["c", "d"]);
  await vi.advanceTimersByTimeAsync(100);
  add(["e"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(batches.map(([, items]) => items)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  const [first = 0, second = 0, third = 0] = batches.map(([atMs]) => atMs);
  expect(first).toBeLessThan(5);
  expect(second - first).toBeGreaterThanOrEqual(40);
  expect(third).toBeLessThan(125);
});

test("a batch that takes long holds the next back until it is done", async () => {
  const { add, batches } = recorder(200);
  add(["a"]);
  await vi.advanceTimersByTimeAsync(100);
  add(["b"]);
  await vi.advanceTimersByTimeAsync(50);
  expect(batches).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(batches.map(([, items]) => items)).toEqual([["a"], ["b"]]);
});
