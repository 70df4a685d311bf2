import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "../../prisma/migrate.ts";
import { ensureDatabase, startCluster } from "../../scripts/postgres/cluster.ts";
import { openDatabase } from "#server/db/client.ts";
import { fill } from "../ten-million/fill.ts";
import { retryAll } from "./measure.ts";

// `npm run bench:bulk`: four callers retry 10,000 dead letters by filter at once. Ends with 1 when one was not queued exactly once,
// or fewer than 2,000 a second were.

/** 3 % of them are dead letters. */
const RUNS = 333_400;
const CALLERS = 4;
const LEAST_A_SECOND = 2_000;

const directory = mkdtempSync(join(tmpdir(), "corral-bench-"));
const cluster = await startCluster({ directory, settings: ["shared_buffers=512MB", "max_wal_size=4GB"] });
let reached = false;
try {
  await ensureDatabase(cluster, "bulk");
  await migrate(cluster.urlOf("bulk"));
  const database = openDatabase(cluster.urlOf("bulk"));
  await fill(database.pool, RUNS);
  const { deadLetters, tookMs, acceptedMs, queuedAgain, twice, jobs, results } = await retryAll(database, CALLERS);
  await database.close();
  const aSecond = Math.round((deadLetters / tookMs) * 1_000);
  console.log(
    `${deadLetters} dead letters: the first caller had its answer after ${Math.round(acceptedMs)} ms, all were queued after ${Math.round(tookMs)} ms`,
  );
  console.log(`queued again ${queuedAgain}, of them more than once ${twice}, jobs ${jobs}, results ${JSON.stringify(results)}`);
  reached = queuedAgain === deadLetters && twice === 0 && jobs === deadLetters && aSecond >= LEAST_A_SECOND;
  console.log(`${reached ? "reached" : "FELL SHORT"}: ${aSecond} a second, to reach ≥ ${LEAST_A_SECOND}, each exactly once`);
} finally {
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}
process.exit(reached ? 0 : 1);
