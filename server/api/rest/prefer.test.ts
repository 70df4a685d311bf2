import { expect, test } from "vitest";

import { askedWait, waitOf } from "./prefer.ts";

const settings = { defaultWaitMs: 60_000, maximumWaitMs: 300_000 };

test.each([
  [undefined, 60_000, null],
  ["", 60_000, null],
  ["wait=5", 5_000, "wait=5"],
  ["WAIT = 5", 5_000, "wait=5"],
  ['wait="5"', 5_000, "wait=5"],
  ["wait=0", 0, "wait=0"],
  ["respond-async, wait=10", 10_000, "wait=10"],
  ["return=minimal, wait=7; foo=bar", 7_000, "wait=7"],
  ["respond-async", 0, "respond-async"],
  ["wait=999999", 300_000, "wait=300"],
  ["handling=strict, waiting=5", 60_000, null],
])("Prefer: %s", (prefer, waitMs, applied) => {
  expect(waitOf(askedWait(prefer), settings)).toEqual({ waitMs, applied });
});

test.each(["wait=-1", "wait=soon", "wait", "wait=", "wait=1.5", "return=minimal, wait=9999999999"])("Prefer: %s is refused", (prefer) => {
  expect(() => askedWait(prefer)).toThrow("Prefer: wait must be a whole number of seconds");
});
