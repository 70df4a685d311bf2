import { randomBytes } from "node:crypto";

import { Client } from "pg";
import { inject } from "vitest";

import { openDatabase } from "./client.ts";
import type { Database } from "./client.ts";

/** A database of a test's own. `close` drops it. */
export type TestDatabase = Database & {
  url: string;
  /** Takes it away, as an outage does: every session ends and none is let in, until the returned function is called. */
  takeAway: () => Promise<() => Promise<void>>;
};

/** Races of fifty and a busy machine: a wait for a connection must not look like a database that is away. */
const POOL_SIZE = 30;

/** Clones the migrated template on the test run's PostgreSQL (scripts/test/database-setup.ts starts it). */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = inject("clusterUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${inject("templateDatabase")}`);
  const url = new URL(clusterUrl);
  url.pathname = name;
  const database = openDatabase(url.href, POOL_SIZE);
  return {
    ...database,
    url: url.href,
    takeAway: async () => {
      await administer(clusterUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await administer(clusterUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      return () => administer(clusterUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    },
    close: async () => {
      await database.close();
      await administer(clusterUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function administer(clusterUrl: string, statement: string) {
  const admin = new Client({ connectionString: clusterUrl });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
