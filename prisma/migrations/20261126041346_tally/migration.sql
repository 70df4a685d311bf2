-- CreateTable
CREATE TABLE "tally" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "ms" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "tally_pkey" PRIMARY KEY ("id")
);

-- Runs and attempts are counted where they are written, whoever writes them: once a statement, with a row for each kind of change.

CREATE FUNCTION "tally_submitted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "tally" ("kind", "lane", "label", "count")
  SELECT 'submitted', "lane", "status", count(*) FROM "added" GROUP BY "lane", "status";
  RETURN NULL;
END $$;

CREATE FUNCTION "tally_moved"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "tally" ("kind", "lane", "label", "count")
  SELECT 'moved', "after"."lane", "before"."status" || '>' || "after"."status", count(*)
  FROM "before" JOIN "after" USING ("id") WHERE "before"."status" <> "after"."status"
  GROUP BY "after"."lane", "before"."status", "after"."status";
  -- How long they waited for their first attempt, by the bucket: whole milliseconds, so that a bound of 5 ms is below 6.
  INSERT INTO "tally" ("kind", "lane", "label", "count", "ms")
  SELECT 'started', "lane", width_bucket("ms", ARRAY[6, 11, 26, 51, 101, 251, 501, 1001, 2501, 5001, 10001, 30001, 60001, 300001, 1800001]::bigint[]), count(*), sum("ms")
  FROM (
    SELECT "after"."lane", greatest(0, extract(epoch FROM "after"."started_at" - "after"."created_at") * 1000)::bigint AS "ms"
    FROM "before" JOIN "after" USING ("id") WHERE "before"."started_at" IS NULL AND "after"."started_at" IS NOT NULL
  ) AS "begun"
  GROUP BY 2, 3;
  RETURN NULL;
END $$;

CREATE FUNCTION "tally_removed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "tally" ("kind", "lane", "label", "count")
  SELECT 'removed', "lane", "status", count(*) FROM "gone" GROUP BY "lane", "status";
  RETURN NULL;
END $$;

CREATE FUNCTION "tally_attempt_started"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "tally" ("kind", "lane", "label", "count") SELECT 'attempt_started', '', '', count(*) FROM "added" HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE FUNCTION "tally_attempt_finished"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "tally" ("kind", "lane", "label", "count")
  SELECT 'attempt_finished', '', "after"."outcome", count(*)
  FROM "before" JOIN "after" USING ("id") WHERE "before"."status" <> 'finished' AND "after"."status" = 'finished'
  GROUP BY "after"."outcome";
  RETURN NULL;
END $$;

CREATE TRIGGER "run_submitted" AFTER INSERT ON "run" REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "tally_submitted"();
CREATE TRIGGER "run_moved" AFTER UPDATE ON "run" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after" FOR EACH STATEMENT EXECUTE FUNCTION "tally_moved"();
CREATE TRIGGER "run_removed" AFTER DELETE ON "run" REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "tally_removed"();
CREATE TRIGGER "attempt_started" AFTER INSERT ON "attempt" REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "tally_attempt_started"();
CREATE TRIGGER "attempt_finished" AFTER UPDATE ON "attempt" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after" FOR EACH STATEMENT EXECUTE FUNCTION "tally_attempt_finished"();

-- What there is already.
INSERT INTO "tally" ("kind", "lane", "label", "count") SELECT 'submitted', "lane", "status", count(*) FROM "run" GROUP BY "lane", "status";
INSERT INTO "tally" ("kind", "lane", "label", "count") SELECT 'attempt_started', '', '', count(*) FROM "attempt" HAVING count(*) > 0;
INSERT INTO "tally" ("kind", "lane", "label", "count") SELECT 'attempt_finished', '', "outcome", count(*) FROM "attempt" WHERE "status" = 'finished' GROUP BY "outcome";
