import { setTimeout as delay } from "node:timers/promises";

import type { Pool, PoolClient, QueryResultRow } from "pg";

const DAYS = 90;
/** Nothing of the product takes so long, and its connections give up after a minute. */
const PATIENCE_MS = 3_600_000;

function patient<Row extends QueryResultRow>(client: PoolClient, text: string, values: unknown[] = []) {
  const query = { text, values, query_timeout: PATIENCE_MS };
  return client.query<Row>(query);
}

/**
 * Fills an empty, migrated database with runs that have ended, spread over the last 90 days, by SQL alone: 93 % succeeded, 3 % dead in
 * 200 groups, the rest failed, cancelled or discarded; in five languages of which one is rare; with frequent and rare tags and names.
 */
export async function fill(pool: Pool, runs: number): Promise<void> {
  const client = await pool.connect();
  try {
    await patient(client, "SET synchronous_commit = off; SET work_mem = '512MB'; SET maintenance_work_mem = '2GB'");
    // Indexes are made once, at the end.
    const { rows: indexes } = await patient<{ name: string; definition: string }>(
      client,
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
       WHERE schemaname = 'public' AND tablename IN ('run', 'run_content', 'attempt') AND indexname NOT LIKE '%pkey'`,
    );
    for (const { name } of indexes) await patient(client, `DROP INDEX "${name}"`);
    await patient(client, "SET session_replication_role = replica");
    await patient(
      client,
      `INSERT INTO worker (id, host, pid, version, status, batch_slots, interactive_slots, capabilities, host_memory_bytes, host_cpu_millis)
       VALUES ('00000000-0000-7000-8000-000000000001', 'bench', 1, '0', 'stopped', 1, 1, '{}', 1, 1)`,
    );
    await patient(
      client,
      `CREATE TEMP TABLE made AS
       SELECT i, moment,
         (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid AS id,
         (CASE WHEN i % 100 < 93 THEN 'succeeded' WHEN i % 100 < 96 THEN 'dead' WHEN i % 100 < 97 THEN 'failed' WHEN i % 1000 < 999 THEN 'cancelled' ELSE 'discarded' END)::run_status AS status,
         (CASE WHEN i % 100 < 93 THEN 'succeeded' WHEN i % 100 < 97 THEN (ARRAY['exit_nonzero', 'timeout', 'out_of_memory', 'signal'])[1 + (i / 100) % 4] WHEN i % 1000 < 999 THEN 'cancelled' ELSE 'disk_limit' END)::outcome AS outcome,
         (CASE WHEN i % 20 < 10 THEN 'bash' WHEN i % 20 < 17 THEN 'python' WHEN i % 20 < 19 THEN 'node' WHEN i % 10007 = 0 THEN 'lua' ELSE 'ruby' END) AS language,
         (ARRAY['import customers', 'nightly report', 'send invoices', 'resize images', 'sync stock'])[1 + i % 5] || ' ' || i AS name,
         (CASE WHEN i % 100003 = 0 THEN ARRAY['rare'] WHEN i % 5 = 0 THEN ARRAY['nightly', 'team:' || i % 40] ELSE ARRAY[]::text[] END) AS tags
       FROM (SELECT i, now() - make_interval(days => ${DAYS}) + make_interval(secs => i * (${DAYS} * 86400.0 / $1)) AS moment FROM generate_series(1, $1::int) AS i)`,
      [runs],
    );
    await patient(
      client,
      `INSERT INTO run (id, name, language, args, status, outcome, message, limits, retry, tags, created_at, started_at, finished_at, submitted_by, attempt_count, charged_failures, fingerprint)
       SELECT id, name, language, '{}', status, outcome, 'It ended.',
         '{"timeoutMs":300000,"memoryBytes":1073741824,"cpuMillis":2000,"pidsMax":256,"outputMaxBytes":10485760,"diskMaxBytes":536870912}',
         '{"maxRetries":3,"backoff":"exponential","delayMs":1000,"maxDelayMs":300000,"jitter":true,"retryOn":["timeout","exit_nonzero"]}',
         tags, moment, moment, moment + interval '2 s', 'bench', 1, 0, CASE WHEN status = 'dead' THEN 'group' || (i / 100) % 200 END
       FROM made`,
    );
    await patient(client, "INSERT INTO run_content (run_id, source, env, name, tags) SELECT id, 'true', '{}', name, tags FROM made");
    await patient(
      client,
      `INSERT INTO attempt (id, run_id, number, status, outcome, message, exit_code, lease_token, worker_id, started_at, finished_at, limits)
       SELECT id, id, 1, 'finished', outcome, 'It ended.', 0, id, '00000000-0000-7000-8000-000000000001', moment, moment + interval '2 s',
         '{"timeoutMs":300000,"memoryBytes":1073741824,"cpuMillis":2000,"pidsMax":256,"outputMaxBytes":10485760,"diskMaxBytes":536870912}'
       FROM made`,
    );
    await patient(
      client,
      `INSERT INTO dead_letter_group (fingerprint, outcome, script, line)
       SELECT 'group' || g, 'exit_nonzero', 'script ' || g, 'fatal: ' || g FROM generate_series(0, 199) AS g`,
    );
    // Triggers rest meanwhile.
    await patient(
      client,
      `INSERT INTO dead_letter_count (fingerprint, outcome, language, count)
       SELECT fingerprint, outcome, language, count(*) FROM run WHERE status = 'dead' GROUP BY 1, 2, 3`,
    );
    await patient(client, "DROP TABLE made");
    for (const { definition } of indexes) await patient(client, definition);
    await patient(client, "SET session_replication_role = origin");
    await vacuum(client);
  } finally {
    client.release();
  }
}

/**
 * As autovacuum leaves such tables in time: every page known to be visible to all, so that indexes alone answer. A snapshot that somebody
 * still holds (autovacuum itself, while it analyses) keeps pages from that; then it is done again. @throws after a minute
 */
async function vacuum(client: PoolClient): Promise<void> {
  for (const deadline = performance.now() + 60_000; ;) {
    await patient(client, "VACUUM ANALYZE");
    const { rows } = await patient<{ relname: string }>(
      client,
      "SELECT relname FROM pg_class WHERE relname IN ('run', 'run_content', 'attempt') AND relkind = 'r' AND relallvisible < relpages",
    );
    if (rows.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Somebody holds a snapshot: ${rows.map(({ relname }) => relname).join(", ")} can't be vacuumed.`);
    await delay(500);
  }
}
