import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";

import { Client } from "pg";

import { NO_FILTERS, SCHEMA_FILE, openSchemaEngine, readMigrations } from "./schema-engine.ts";

const EMPTY_SCRIPT = "-- This is an empty migration.";

/**
 * The SQL that leads from the migrations to prisma/schema.prisma; null when they agree. The migrations are played
 * into a database made for it and dropped again, so `url` needs the right to create one.
 */
export async function findSchemaChanges(url: string): Promise<string | null> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const scratch = `corral_scratch_${randomBytes(6).toString("hex")}`;
  await admin.query(`CREATE DATABASE ${scratch} TEMPLATE template0`);
  try {
    const scratchUrl = new URL(url);
    scratchUrl.pathname = scratch;
    return await diff(url, scratchUrl.href);
  } finally {
    await admin.query(`DROP DATABASE ${scratch} WITH (FORCE)`);
    await admin.end();
  }
}

async function diff(url: string, scratchUrl: string): Promise<string | null> {
  const { engine, close } = await openSchemaEngine(url, scratchUrl);
  try {
    const { stdout } = await engine.diff({
      from: { tag: "migrations", ...(await readMigrations()) },
      to: { tag: "schemaDatamodel", files: [{ path: SCHEMA_FILE, content: await readFile(SCHEMA_FILE, "utf8") }] },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    const script = stdout?.trim() ?? "";
    return script === "" || script === EMPTY_SCRIPT ? null : `${script}\n`;
  } finally {
    await close();
  }
}
