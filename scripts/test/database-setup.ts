import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { migrate } from "../../prisma/migrate.ts";
import { ensureDatabase, startCluster } from "../postgres/cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the test cluster's maintenance database. */
    clusterUrl: string;
    /** Name of the migrated database that tests clone. */
    templateDatabase: string;
  }
}

const TEMPLATE = "corral_template";

/** One PostgreSQL for a whole test run, with a migrated database to clone: a database for a test file then takes 30 ms. */
export default async function setUp(project: TestProject) {
  const directory = mkdtempSync(join(tmpdir(), "corral-test-"));
  const cluster = await startCluster({ directory, durable: false, settings: ["max_connections=300"] });
  await ensureDatabase(cluster, TEMPLATE);
  await migrate(cluster.urlOf(TEMPLATE));
  project.provide("clusterUrl", cluster.urlOf("postgres"));
  project.provide("templateDatabase", TEMPLATE);
  return async () => {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}
