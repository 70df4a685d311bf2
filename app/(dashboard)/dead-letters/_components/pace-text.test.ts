import { expect, test } from "vitest";

import { NO_PACE, readPace } from "./pace-text.ts";

test("what is left empty is left out", () => {
  expect(readPace(NO_PACE)).toEqual({ pace: {}, problems: {} });
  expect(readPace({ rate: "1,200", canaryCount: "5", canaryPercent: "" })).toEqual({
    pace: { ratePerMinute: 1200, canary: { count: 5, passPercent: 80 } },
    problems: {},
  });
});

test("what can't be used is said by its field, and not sent", () => {
  const { pace, problems } = readPace({ rate: "0", canaryCount: "5", canaryPercent: "101" });
  expect(pace).toEqual({});
  expect(problems).toEqual({ rate: "A whole number from 1 to 100,000.", canaryPercent: "A whole number from 1 to 100." });
  expect(readPace({ rate: "fast", canaryCount: "1001", canaryPercent: "x" }).problems).toEqual({
    rate: "A whole number from 1 to 100,000.",
    canaryCount: "A whole number from 1 to 1,000.",
  });
});
