import { expect, test, vi } from "vitest";

import { prepared } from "./prepared.ts";

test("a text has one name, which another has not, and which is the same wherever this module is loaded", async () => {
  const [one, again, other] = [prepared("SELECT $1", [1]), prepared("SELECT $1", [2]), prepared("SELECT $1, 2")];
  expect(one.name).toBe(again.name);
  expect(one.name).not.toBe(other.name);
  expect([one.values, again.values, other.values]).toEqual([[1], [2], []]);
  vi.resetModules();
  const loadedAgain = await import("./prepared.ts");
  loadedAgain.prepared("SELECT something else");
  expect(loadedAgain.prepared("SELECT $1").name).toBe(one.name);
});

test("texts that never end are not prepared for ever", () => {
  const named = Array.from({ length: 300 }, (_, index) => prepared(`SELECT ${index}`).name).filter((name) => name !== undefined);
  expect(named.length).toBeLessThanOrEqual(200);
});
