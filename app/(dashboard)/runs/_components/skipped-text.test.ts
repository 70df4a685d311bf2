import { expect, test } from "vitest";

import { runsText, skippedText } from "./skipped-text.ts";

test("what was skipped is told by why, with a few names", () => {
  expect(skippedText([])).toBeUndefined();
  expect(
    skippedText([
      { id: "1", name: "a", status: "succeeded" },
      { id: "2", name: "b", status: "succeeded" },
      { id: "3", name: "c", status: "succeeded" },
      { id: "4", name: "d", status: "queued" },
      { id: "5", name: null, status: null },
    ]),
  ).toBe("3 skipped, already succeeded (a, b, …); 1 skipped, already queued (d); 1 skipped, no longer there (5)");
  expect([runsText(1), runsText(1_200)]).toEqual(["1 run", "1,200 runs"]);
});
