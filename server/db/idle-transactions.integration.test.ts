import { afterAll, beforeAll, expect, test } from "vitest";

import type { Database } from "./client.ts";
import { listIdleTransactions } from "./idle-transactions.ts";
import { createTestDatabase } from "./testing.ts";

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("a transaction that is left open is found once it is old, and not when it has ended", async () => {
  const session = await database.pool.connect();
  await session.query("BEGIN; SELECT 1");
  await expect.poll(() => listIdleTransactions(database, 50)).toMatchObject([{ application: "corral", openSeconds: 0 }]);
  expect(await listIdleTransactions(database, 60_000)).toEqual([]);
  await session.query("COMMIT");
  session.release();
  expect(await listIdleTransactions(database, 0)).toEqual([]);
});
