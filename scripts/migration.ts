import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { findSchemaChanges } from "../prisma/schema-changes.ts";
import { MIGRATIONS_DIRECTORY } from "../prisma/schema-engine.ts";
import { startCluster } from "./postgres/cluster.ts";

/**
 * `npm run migration -- NAME` writes the migration from the ones there are to prisma/schema.prisma;
 * `-- --check` only says whether one is missing; `-- --restart NAME` writes a single one in place of all (until the first release).
 */
const USAGE = "Usage: npm run migration -- [--restart] NAME (small letters, digits and _), or: npm run migration -- --check";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: "boolean" }, restart: { type: "boolean" } } });
const [name] = positionals;

async function changes(): Promise<string | null> {
  const directory = mkdtempSync(join(tmpdir(), "corral-migration-"));
  const cluster = await startCluster({ directory, durable: false });
  try {
    return await findSchemaChanges(cluster.urlOf("postgres"));
  } finally {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  if (values.check === true) {
    const script = await changes();
    if (script === null) return 0;
    console.error(`prisma/schema.prisma and prisma/migrations differ. Write the missing migration with: npm run migration -- NAME\n\n${script}`);
    return 1;
  }
  if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
    console.error(USAGE);
    return 1;
  }
  if (values.restart === true) {
    for (const entry of readdirSync(MIGRATIONS_DIRECTORY, { withFileTypes: true })) {
      if (entry.isDirectory()) rmSync(join(MIGRATIONS_DIRECTORY, entry.name), { recursive: true });
    }
  }
  const script = await changes();
  if (script === null) {
    console.error("prisma/migrations already leads to prisma/schema.prisma; there is nothing to write.");
    return 1;
  }
  const stamp = new Date().toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
  const directory = join(MIGRATIONS_DIRECTORY, `${stamp}_${name}`);
  mkdirSync(directory);
  writeFileSync(join(directory, "migration.sql"), script);
  console.log(`Wrote ${join(directory, "migration.sql")}. Read it before you commit it.`);
  return 0;
}

// The engine leaves a timer of ten seconds behind its lock; there is nothing to wait for.
process.exit(await main());
