-- A job carries what its run needs, so that a worker can pass over what it can't run. Those that were queued before it did
-- would be passed over by all. (pg-boss makes its own schema, so that a new database has none yet.)
DO $$
BEGIN
  IF to_regclass('pgboss.job') IS NOT NULL THEN
    UPDATE pgboss.job
    SET data = job.data || jsonb_build_object('language', run.language, 'memoryBytes', run.limits->'memoryBytes', 'cpuMillis', run.limits->'cpuMillis')
    FROM run
    WHERE job.name IN ('run.batch', 'run.interactive') AND job.data->>'language' IS NULL AND run.id = (job.data->>'runId')::uuid;
  END IF;
END
$$;
