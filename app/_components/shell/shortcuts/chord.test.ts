import { expect, test } from "vitest";

import { CHORD_MS, createChord } from "./chord.ts";

const chord = () => createChord("g", (key) => ["r", "n"].includes(key));

test("g and then a known key lead somewhere", () => {
  const keys = chord();
  expect(keys.press("r", 0)).toBe("none");
  expect(keys.press("g", 100)).toBe("begun");
  expect(keys.press("r", 200)).toEqual({ key: "r" });
  expect(keys.press("n", 300)).toBe("none");
});

test("a key that comes too late, or another one, ends it", () => {
  const keys = chord();
  keys.press("g", 0);
  expect(keys.press("r", CHORD_MS + 1)).toBe("none");
  keys.press("g", 5_000);
  expect(keys.press("x", 5_100)).toBe("none");
  expect(keys.press("r", 5_200)).toBe("none");
});

test("g twice begins anew", () => {
  const keys = chord();
  keys.press("g", 0);
  expect(keys.press("g", 1_400)).toBe("begun");
  expect(keys.press("n", 2_000)).toEqual({ key: "n" });
});
