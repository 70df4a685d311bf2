import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "../../prisma/migrate.ts";
import { ensureDatabase, startCluster } from "../../scripts/postgres/cluster.ts";
import { openDatabase } from "#server/db/client.ts";
import { fill } from "./fill.ts";
import { measure } from "./measure.ts";

// `npm run bench:runs -- 10000000`: whether lists and claims stay quick beside so many runs. A database with them and an empty one
// are measured in turns on one PostgreSQL; ends with 1 when a page's p95 passes 100 ms or a claim takes over 1.3 × the empty one's.

const runs = Number(process.argv[2] ?? 10_000_000);
if (!Number.isInteger(runs) || runs < 1_000) throw new Error("Give the number of runs, at least 1000: npm run bench:runs -- 10000000");

const kept = process.argv[3];
const directory = kept ?? mkdtempSync(join(tmpdir(), "corral-bench-"));
const cluster = await startCluster({
  directory,
  durable: false,
  settings: ["shared_buffers=2GB", "max_wal_size=16GB", "effective_cache_size=12GB", "random_page_cost=1.1"],
});
let fellShort = true;
try {
  const open = async (name: string) => {
    await ensureDatabase(cluster, name);
    await migrate(cluster.urlOf(name));
    return openDatabase(cluster.urlOf(name));
  };
  const [full, empty] = [await open("full"), await open("empty")];
  const { rows } = await full.pool.query<{ any: boolean }>("SELECT EXISTS (SELECT FROM run) AS any");
  if (rows[0]?.any !== true) {
    const began = performance.now();
    await fill(full.pool, runs);
    console.log(`${runs.toLocaleString("en-US")} runs made in ${Math.round((performance.now() - began) / 1_000)} s`);
  }
  fellShort = await measure(full, empty);
  await full.close();
  await empty.close();
} finally {
  await cluster.stop();
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
}
process.exit(fellShort ? 1 : 0);
