import { expect, test } from "vitest";

import { UIDS_A_WORKER, chooseUids } from "./uids.ts";

const EVERY = "         0          0 4294967295\n";

test("workers of one host have uids apart, all in the range that nothing else uses", () => {
  const [one, other] = [chooseUids(EVERY, 4_194_303, UIDS_A_WORKER) ?? [], chooseUids(EVERY, 4_194_302, UIDS_A_WORKER) ?? []];
  expect(new Set([...one, ...other]).size).toBe(2 * UIDS_A_WORKER);
  expect(Math.min(...one, ...other)).toBeGreaterThanOrEqual(0x7000_0000);
  expect(Math.max(...one, ...other)).toBeLessThan(0x7fff_0000);
});

test("in a container that has only few uids, the highest of them", () => {
  expect(chooseUids("0 100000 65536\n", 77, 3)).toEqual([65_533, 65_534, 65_535]);
  expect(chooseUids("0 1000 1\n1 100000 65536\n", 77, 2)).toEqual([65_535, 65_536]);
});

test("none where the namespace has too few to spare", () => {
  expect(chooseUids("0 1000 1\n", 77, 1)).toBeNull();
  expect(chooseUids("0 1000 1100\n", 77, 200)).toBeNull();
});
