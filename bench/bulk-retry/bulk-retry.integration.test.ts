import { afterAll, beforeAll, expect, test } from "vitest";

import type { Database } from "#server/db/client.ts";
import { createTestDatabase } from "#server/db/testing.ts";

import { fill } from "../ten-million/fill.ts";
import { retryAll } from "./measure.ts";

/** Three in a hundred are dead letters: 10,002. */
const RUNS = 333_400;

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  await fill(database.pool, RUNS);
}, 120_000);
afterAll(() => database.close());

test("ten thousand dead letters, retried by filter from four callers at once, are queued exactly once each", async () => {
  const { deadLetters, queuedAgain, twice, jobs, results } = await retryAll(database, 4);
  expect(deadLetters).toBe(10_002);
  expect({ queuedAgain, twice, jobs }).toEqual({ queuedAgain: 10_002, twice: 0, jobs: 10_002 });
  expect(results["succeeded"]).toBe(10_002);
  expect(results["failed"]).toBeUndefined();
});
