import fc from "fast-check";
import { expect, test } from "vitest";

import { ROW_PX, windowOf } from "./window-of.ts";

test("the window holds everything in sight, stays in bounds and stays small", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500_000 }),
      fc.integer({ min: 0, max: 4_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, height, share) => {
        const scrollTop = share * Math.max(0, count * ROW_PX - height);
        const { first, end } = windowOf(scrollTop, height, count);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(first).toBeLessThanOrEqual(Math.floor(scrollTop / ROW_PX));
        expect(end).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((scrollTop + height) / ROW_PX)));
        expect(end - first).toBeLessThanOrEqual(height / ROW_PX + 50);
      },
    ),
  );
});

test("an overscrolled position shows the first rows", () => {
  expect(windowOf(-40, 100, 1000)).toEqual({ first: 0, end: 29 });
});
