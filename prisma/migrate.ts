import { Client } from "pg";

import { NO_FILTERS, openSchemaEngine, readMigrations } from "./schema-engine.ts";

/** Any number; every Corral process that migrates takes the same one. */
const MIGRATION_LOCK = 7_226_701_001;

/**
 * Brings a database to this version's schema and returns the names of the migrations that were missing. Any number of
 * processes may call it at once: one migrates, the others wait for it and find nothing left to do.
 * @throws when the database is away, or a migration fails.
 */
export async function migrate(url: string): Promise<string[]> {
  const lock = new Client({ connectionString: url, application_name: "corral-migrate" });
  await lock.connect();
  try {
    await lock.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const { engine, close } = await openSchemaEngine(url);
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: await readMigrations(), filters: NO_FILTERS });
      return appliedMigrationNames;
    } finally {
      await close();
    }
  } finally {
    // The lock ends with its connection, however this ended.
    await lock.end();
  }
}
