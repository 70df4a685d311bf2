import { expect, test } from "vitest";

import { judgeCanary } from "./canary.ts";

const rule = { count: 5, passPercent: 80 };

test.each([
  [{ sent: 0, succeeded: 0, failed: 0 }, true, "send"],
  [{ sent: 3, succeeded: 3, failed: 0 }, true, "send"],
  [{ sent: 5, succeeded: 3, failed: 0 }, true, "wait"],
  [{ sent: 5, succeeded: 3, failed: 1 }, true, "wait"],
  [{ sent: 5, succeeded: 4, failed: 0 }, true, "passed"],
  [{ sent: 5, succeeded: 4, failed: 1 }, true, "passed"],
  [{ sent: 5, succeeded: 0, failed: 2 }, true, "failed"],
  [{ sent: 2, succeeded: 1, failed: 0 }, false, "wait"],
  [{ sent: 2, succeeded: 2, failed: 0 }, false, "passed"],
  [{ sent: 0, succeeded: 0, failed: 0 }, false, "passed"],
] as const)("%o, more to come %s: %s", (counts, isThereMore, verdict) => {
  expect(judgeCanary(rule, counts, isThereMore)).toBe(verdict);
});
