import { afterEach, expect, test } from "vitest";

import type { Lease } from "#server/runs/lease-runs.ts";

import { startDispatcher } from "./dispatcher.ts";
import type { Dispatcher } from "./dispatcher.ts";

let dispatcher: Dispatcher | null = null;
afterEach(() => dispatcher?.stop());

/** A backlog whose scripts and results end when they are told to. */
function backlog({ slots, runs }: { slots: number; runs: number }) {
  const taken: { endScript: () => void; commit: () => void }[] = [];
  let freed = 0;
  dispatcher = startDispatcher({
    lane: "batch",
    slots,
    lease: async (_lane, count) => Array.from({ length: Math.min(count, runs - taken.length) }, () => ({}) as Lease),
    handle: (_lease, onScriptEnd) => {
      const { promise, resolve } = Promise.withResolvers<{ accepted: boolean; nextDelayMs: null }>();
      taken.push({ endScript: onScriptEnd, commit: () => resolve({ accepted: true, nextDelayMs: null }) });
      return promise;
    },
    onEnded: () => (freed += 1),
  });
  return { taken, freed: () => freed };
}

test("the next run is taken while the last one's result is being committed, and its slot is freed once", async () => {
  const { taken, freed } = backlog({ slots: 1, runs: 2 });
  await expect.poll(() => taken.length).toBe(1);
  taken[0]?.endScript();
  await expect.poll(() => taken.length).toBe(2);
  taken[0]?.commit();
  taken[1]?.commit();
  await expect.poll(freed).toBe(2);
});

test("no more results are on their way than there are slots", async () => {
  const { taken } = backlog({ slots: 2, runs: 10 });
  await expect.poll(() => taken.length).toBe(2);
  taken[0]?.endScript();
  await expect.poll(() => taken.length).toBe(3);
  taken[1]?.endScript();
  await expect.poll(() => taken.length).toBe(4);
  taken[2]?.endScript();
  taken[3]?.endScript();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(taken).toHaveLength(4);
  taken[0]?.commit();
  taken[2]?.commit();
  await expect.poll(() => taken.length).toBe(5);
});

test("with a slot that is free nothing is looked for before the commit", async () => {
  let looks = 0;
  dispatcher = startDispatcher({
    lane: "batch",
    slots: 2,
    lease: async () => {
      looks += 1;
      return looks === 1 ? [{} as Lease] : [];
    },
    handle: async (_lease, onScriptEnd) => {
      await expect.poll(() => looks).toBe(2);
      onScriptEnd();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(looks).toBe(2);
      return { accepted: true, nextDelayMs: null };
    },
    onEnded: () => undefined,
  });
  await expect.poll(() => looks).toBe(3);
});
