-- Every run passes here three times: what is counted of a change of runs is counted in one statement, and dead letters only where some are.

CREATE OR REPLACE FUNCTION "tally_moved"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "tally" ("kind", "lane", "label", "count", "ms")
  WITH "change" AS MATERIALIZED (
    SELECT "after"."lane", "before"."status" AS "from", "after"."status" AS "to",
      CASE WHEN "before"."started_at" IS NULL AND "after"."started_at" IS NOT NULL
        THEN greatest(0, extract(epoch FROM "after"."started_at" - "after"."created_at") * 1000)::bigint END AS "waited"
    FROM "before" JOIN "after" USING ("id")
  )
  SELECT 'moved', "lane", "from" || '>' || "to", count(*), 0 FROM "change" WHERE "from" <> "to" GROUP BY "lane", "from", "to"
  UNION ALL
  -- How long they waited for their first attempt, by the bucket: whole milliseconds, so that a bound of 5 ms is below 6.
  SELECT 'started', "lane", "bucket"::text, count(*), sum("waited")
  FROM (
    SELECT "lane", "waited",
      width_bucket("waited", ARRAY[6, 11, 26, 51, 101, 251, 501, 1001, 2501, 5001, 10001, 30001, 60001, 300001, 1800001]::bigint[]) AS "bucket"
    FROM "change" WHERE "waited" IS NOT NULL
  ) AS "begun"
  GROUP BY "lane", "bucket";

  IF EXISTS (SELECT FROM "before" WHERE "status" = 'dead') OR EXISTS (SELECT FROM "after" WHERE "status" = 'dead') THEN
    INSERT INTO "dead_letter_count" ("fingerprint", "outcome", "language", "count")
    SELECT "fingerprint", "outcome", "language", sum("change")
    FROM (
      SELECT coalesce("fingerprint", '') AS "fingerprint", "outcome", "language", -1 AS "change" FROM "before" WHERE "status" = 'dead'
      UNION ALL
      SELECT coalesce("fingerprint", ''), "outcome", "language", 1 FROM "after" WHERE "status" = 'dead'
    ) AS "changes"
    GROUP BY 1, 2, 3 HAVING sum("change") <> 0;
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER "run_dead_changed" ON "run";
DROP FUNCTION "count_dead_changed"();

-- Few runs have a key, and none has an outcome before its first end: the others need no entry there, three times each.
DROP INDEX "run_submitter_id_idempotency_key_key";
CREATE UNIQUE INDEX "run_submitter_id_idempotency_key_key" ON "run" ("submitter_id", "idempotency_key") WHERE "idempotency_key" IS NOT NULL;
DROP INDEX "run_outcome_id_idx";
CREATE INDEX "run_outcome_id_idx" ON "run" ("outcome", "id" DESC) WHERE "outcome" IS NOT NULL;
