import fc from "fast-check";
import { expect, test } from "vitest";

import { readConfig } from "#server/config.ts";

import { howManyFit } from "#server/workers/room.ts";

import { createAdmission } from "./admission.ts";
import { capacityOf } from "./capacity.ts";

const GIB = 1024 ** 3;
const need = (gib: number, cores = 0.5) => ({ memoryBytes: gib * GIB, cpuMillis: cores * 1000 });
const NONE = { memoryBytes: 0, cpuMillis: 0 };
const capacity = need(8, 8);

test("as many start as fit, in their order", () => {
  const held = { batch: NONE, interactive: NONE };
  expect(howManyFit("batch", [need(2), need(2), need(2), need(2)], held, capacity)).toBe(3);
  expect(howManyFit("interactive", [need(2), need(2), need(2), need(2), need(2)], held, capacity)).toBe(4);
});

test("a small run does not pass a large one that waits", () => {
  expect(howManyFit("batch", [need(4), need(0.1)], { batch: need(3), interactive: NONE }, capacity)).toBe(0);
});

test("a run above the batch share starts alone", () => {
  expect(howManyFit("batch", [need(7), need(0.1)], { batch: NONE, interactive: NONE }, capacity)).toBe(1);
  expect(howManyFit("batch", [need(7)], { batch: NONE, interactive: need(2) }, capacity)).toBe(0);
});

test("CPU is bounded too, and more cores than there are is no need that can't be met", () => {
  expect(howManyFit("interactive", [need(0.1, 4), need(0.1, 4), need(0.1, 4)], { batch: NONE, interactive: NONE }, capacity)).toBe(2);
  expect(howManyFit("interactive", [need(0.1, 64)], { batch: NONE, interactive: NONE }, capacity)).toBe(1);
});

test("a backlog leaves room for who waits for an answer", () => {
  const admission = createAdmission(capacity);
  expect(
    admission.admit(
      "batch",
      Array.from({ length: 20 }, () => need(1)),
    ),
  ).toBe(6);
  expect(admission.admit("interactive", [need(1), need(1), need(1)])).toBe(2);
  expect(admission.admit("batch", [need(1)])).toBe(0);
  admission.release("batch", need(1));
  expect(admission.admit("batch", [need(1), need(1)])).toBe(1);
});

test("whatever comes and goes, what is held never exceeds the capacity, and all of it comes back", () => {
  const size = fc.record({ memoryBytes: fc.integer({ min: 1, max: 12 }), cpuMillis: fc.integer({ min: 1, max: 12 }) });
  const step = fc.record({ lane: fc.constantFrom("batch" as const, "interactive" as const), due: fc.array(size, { maxLength: 6 }), ends: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const small = { memoryBytes: 10, cpuMillis: 10 };
      const admission = createAdmission(small);
      const live: { lane: "batch" | "interactive"; one: typeof small }[] = [];
      for (const { lane, due, ends } of steps) {
        for (const one of due.slice(0, admission.admit(lane, due))) live.push({ lane, one });
        expect(live.reduce((sum, { one }) => sum + one.memoryBytes, 0)).toBeLessThanOrEqual(small.memoryBytes);
        expect(live.reduce((sum, { one }) => sum + Math.min(one.cpuMillis, 10), 0)).toBeLessThanOrEqual(small.cpuMillis);
        for (const { lane: of, one } of live.splice(0, ends)) admission.release(of, one);
      }
      for (const { lane, one } of live) admission.release(lane, one);
      expect(admission.admit("interactive", [small])).toBe(1);
    }),
  );
});

test("with what is preset, every slot of a host with the memory for it is filled", () => {
  for (const cores of [1, 2, 4, 16]) {
    const { capacity: asked } = readConfig({ NODE_ENV: "test" });
    const host = capacityOf({ memoryBytes: 64 * cores * GIB, cpuMillis: cores * 1000 }, asked);
    const admission = createAdmission(host);
    // Twice the cores for each lane (slots.ts); two cores a run.
    const [batch, interactive] = [cores * 2, cores * 2];
    expect(
      admission.admit(
        "batch",
        Array.from({ length: batch }, () => need(1, 2)),
      ),
    ).toBe(batch);
    expect(
      admission.admit(
        "interactive",
        Array.from({ length: interactive }, () => need(1, 2)),
      ),
    ).toBe(interactive);
  }
});
