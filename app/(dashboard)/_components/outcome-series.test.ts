import { expect, test } from "vitest";

import { niceMaximum, partsText, totalOf, totalText } from "./outcome-series.ts";

const bar = (counts: Parameters<typeof totalOf>[0][number]["counts"]) => ({ from: "2026-03-01T12:00:00.000Z", to: "2026-03-01T13:00:00.000Z", counts });

test("a sum says when a part of it was not counted to its end", () => {
  expect(totalText(totalOf([bar({ succeeded: 1_200, timeout: 3 }), bar({ open: 1 })]))).toBe("1,204");
  expect(totalText(totalOf([bar({ succeeded: 10_000, timeout: 3 })]))).toBe("10,003+");
  expect(totalText(totalOf([bar({ succeeded: 10_000, timeout: 3 })], ["timeout"]))).toBe("3");
});

test("the parts are told from what went well to what failed, none that is empty", () => {
  expect(partsText([bar({ out_of_memory: 2, succeeded: 5 }), bar({ succeeded: 1, open: 1 })])).toBe("6 succeeded, 1 not ended, 2 out of memory");
  expect(partsText([bar({})])).toBe("");
});

test.each([
  [0, 4],
  [4, 4],
  [7, 10],
  [11, 20],
  [21, 40],
  [45, 50],
  [51, 100],
  [10_003, 20_000],
])("the scale of %d ends at %d", (count, maximum) => {
  expect(niceMaximum(count)).toBe(maximum);
});
