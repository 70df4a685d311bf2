import pg from "pg";

/**
 * Writes a day of runs that have ended into a started Corral's database: nobody wants to wait a day for a picture. Which they are follows
 * from their number alone; they are busier by day, and some fail.
 */
export async function writeHistory(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `CREATE TEMP TABLE past AS
       SELECT number, moment,
         (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(number % 4096), 3, '0') || '8' || lpad(to_hex(number), 15, '0'))::uuid AS id,
         (ARRAY['nightly report', 'import customers', 'send invoices', 'resize images', 'sync stock'])[1 + number % 5] || ' ' || number AS name,
         (ARRAY['succeeded', 'exit_nonzero', 'timeout', 'out_of_memory', 'signal', 'cancelled'])[
           CASE WHEN number % 23 = 0 THEN 2 WHEN number % 31 = 0 THEN 3 WHEN number % 37 = 0 THEN 4 WHEN number % 53 = 0 THEN 5 WHEN number % 61 = 0 THEN 6 ELSE 1 END
         ]::outcome AS outcome
       FROM (
         SELECT row_number() OVER () AS number, now() - make_interval(hours => hour) - make_interval(secs => 3400.0 * place / busy) AS moment
         FROM (SELECT hour, 18 + round(14 * sin(hour / 3.6)) + (hour * 7) % 5 AS busy FROM generate_series(1, 23) AS hour) AS hours,
           generate_series(1, busy::int) AS place
       ) AS numbered`,
    );
    const limits = `'{"timeoutMs":300000,"memoryBytes":1073741824,"cpuMillis":2000,"pidsMax":256,"outputMaxBytes":10485760,"diskMaxBytes":536870912}'`;
    const retry = `(SELECT values->'retry' FROM settings_version ORDER BY version DESC LIMIT 1)`;
    await client.query(
      `INSERT INTO run (id, name, language, args, status, outcome, message, limits, retry, tags, created_at, started_at, finished_at, submitted_by, attempt_count)
       SELECT id, name, 'python', '{}',
         (CASE outcome WHEN 'succeeded' THEN 'succeeded' WHEN 'cancelled' THEN 'cancelled' ELSE 'discarded' END)::run_status,
         outcome, 'It ended.', ${limits}, ${retry} || jsonb_build_object('maxRetries', 0), '{}', moment, moment, moment + interval '2 s', 'history', 1
       FROM past`,
    );
    await client.query("INSERT INTO run_content (run_id, source, env, name, tags) SELECT id, 'true', '{}', name, '{}' FROM past");
    await client.query(
      `INSERT INTO attempt (id, run_id, number, status, outcome, message, exit_code, lease_token, worker_id, started_at, finished_at, limits)
       SELECT id, id, 1, 'finished', outcome, 'It ended.', 0, id, (SELECT id FROM worker LIMIT 1), moment, moment + interval '2 s', ${limits} FROM past`,
    );
  } finally {
    await client.end();
  }
}
