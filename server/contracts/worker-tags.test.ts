import { expect, test } from "vitest";

import { demandedTags, takesTags } from "./worker-tags.ts";

test("only tags with the prefix are demands", () => {
  expect(demandedTags(["nightly", "worker:gpu", "worker:", "worker:eu.1"])).toEqual(["gpu", "eu.1"]);
});

test.each([
  [{ tags: [], taggedOnly: false }, [], true],
  [{ tags: [], taggedOnly: false }, ["gpu"], false],
  [{ tags: ["gpu", "eu"], taggedOnly: false }, ["gpu"], true],
  [{ tags: ["gpu"], taggedOnly: false }, ["gpu", "eu"], false],
  [{ tags: ["gpu"], taggedOnly: true }, [], false],
  [{ tags: ["gpu"], taggedOnly: true }, ["gpu"], true],
])("%o takes %j: %s", (worker, demanded, taken) => {
  expect(takesTags(worker, demanded)).toBe(taken);
});
