import { expect, test } from "vitest";

import { elapsedMs, relativeTime, tickingDuration } from "./time-text.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
const at = (offsetMs: number) => new Date(now + offsetMs).toISOString();

test.each([
  [-300, "just now"],
  [3_000, "just now"],
  [-14_000, "14 s ago"],
  [-59_400, "59 s ago"],
  [-61_000, "1 min ago"],
  [-3_599_000, "59 min ago"],
  [-2 * 3_600_000, "2 h ago"],
  [90_000, "in 1 min"],
  [12_000, "in 12 s"],
  [-40 * 86_400_000, "2026-01-20"],
])("an offset of %d ms reads %s", (offset, text) => {
  expect(relativeTime(at(offset), now)).toBe(text);
});

test("an elapsed time is never negative, and stops at the end", () => {
  expect(elapsedMs(at(5_000), null, now)).toBe(0);
  expect(elapsedMs(at(-5_000), null, now)).toBe(5_000);
  expect(elapsedMs(at(-5_000), at(-2_000), now)).toBe(3_000);
  expect(elapsedMs(at(-5_000), null, null)).toBe(0);
});

test("a ticking duration moves by whole seconds", () => {
  expect(tickingDuration(0)).toBe("0 s");
  expect(tickingDuration(1_999)).toBe("1 s");
  expect(tickingDuration(62_000)).toBe("1 min 2 s");
});
