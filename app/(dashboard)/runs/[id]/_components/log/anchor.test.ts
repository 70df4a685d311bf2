import fc from "fast-check";
import { expect, test } from "vitest";

import { ROW_PX, anchorOf, contentHeight, rowsInSight, scrollTopFor, windowOf } from "./anchor.ts";

const scrolls = fc
  .record({ count: fc.integer({ min: 0, max: 5_000_000 }), height: fc.integer({ min: 0, max: 4_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ count, height, share }) => ({ count, height, top: share * Math.max(0, contentHeight(count) - height) }));

test("the window holds everything in sight, stays in bounds and stays small", () => {
  fc.assert(
    fc.property(scrolls, (scroll) => {
      const { first, end } = windowOf(scroll);
      const sight = rowsInSight(scroll);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(scroll.count);
      expect(first).toBeLessThanOrEqual(sight.first);
      expect(end).toBeGreaterThanOrEqual(sight.end);
      expect(end - first).toBeLessThanOrEqual(scroll.height / ROW_PX + 50);
    }),
  );
});

test("for a log that a browser can hold it is ordinary scrolling", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 400_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
      const top = share * (count * ROW_PX - 600);
      const { row, y } = anchorOf({ top, height: 600, count });
      expect(row * ROW_PX - y).toBeCloseTo(top, 3);
    }),
  );
});

test("the first and the last row are reached, however long the log", () => {
  for (const count of [10, 1_000, 5_000_000]) {
    const range = Math.max(0, contentHeight(count) - 600);
    expect(rowsInSight({ top: 0, height: 600, count }).first).toBe(0);
    expect(rowsInSight({ top: range, height: 600, count }).end).toBe(count);
  }
});

test("a row that is scrolled to is in sight", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (count, share) => {
      const row = Math.floor(share * count);
      const sight = rowsInSight({ top: scrollTopFor(row, { height: 600, count }), height: 600, count });
      expect(row).toBeGreaterThanOrEqual(sight.first);
      expect(row).toBeLessThan(sight.end);
    }),
  );
});
