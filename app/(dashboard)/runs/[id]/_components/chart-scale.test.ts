import { expect, test } from "vitest";

import { cpuPoints, nearestPoint, throttledStretches, linePath, memoryPoints, thinned } from "./chart-scale.ts";

const sample = (atMs: number, cpuMs: number, memoryBytes = 0) => ({ atMs, cpuMs, memoryBytes, throttledMs: 0, pids: 1 });

test("CPU is what was used since the sample before, in thousandths of a core", () => {
  expect(cpuPoints([sample(500, 250), sample(1000, 1250), sample(1000, 1250), sample(2000, 1250)])).toEqual([
    { atMs: 500, value: 500 },
    { atMs: 1000, value: 2000 },
    { atMs: 2000, value: 0 },
  ]);
});

test("thinning keeps the peaks, in order", () => {
  const points = memoryPoints(Array.from({ length: 1000 }, (_, index) => sample(index, 0, index === 777 ? 9_000 : index % 7)));
  const thin = thinned(points, 100);
  expect(thin).toHaveLength(100);
  expect(Math.max(...thin.map((point) => point.value))).toBe(9_000);
  expect(thin.map((point) => point.atMs)).toEqual(thin.map((point) => point.atMs).toSorted((a, b) => a - b));
});

test("a path spans the box and never leaves it", () => {
  const box = { width: 100, height: 50, maxMs: 1000, maxValue: 10 };
  expect(
    linePath(
      [
        { atMs: 0, value: 0 },
        { atMs: 500, value: 5 },
        { atMs: 1000, value: 99 },
      ],
      box,
    ),
  ).toBe("M0.0 50.0 L50.0 25.0 L100.0 0.0");
});

test("stretches in which the limit held it back are joined where they meet", () => {
  const at = (atMs: number, throttledMs: number) => ({ ...sample(atMs, 0), throttledMs });
  expect(throttledStretches([at(250, 0), at(500, 40), at(750, 90), at(1000, 90), at(1250, 91)])).toEqual([
    { fromMs: 250, toMs: 750 },
    { fromMs: 1000, toMs: 1250 },
  ]);
  expect(throttledStretches([])).toEqual([]);
});

test("the point nearest to a moment", () => {
  const points = memoryPoints([sample(0, 0, 1), sample(100, 0, 2), sample(200, 0, 3)]);
  expect(nearestPoint(points, 149)?.atMs).toBe(100);
  expect(nearestPoint(points, 151)?.atMs).toBe(200);
  expect(nearestPoint([], 5)).toBeUndefined();
});
