-- CreateTable
CREATE TABLE "dead_letter_count" (
    "id" BIGSERIAL NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "outcome" "outcome" NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "dead_letter_count_pkey" PRIMARY KEY ("id")
);

-- Dead letters are counted where they die, are queued again, discarded or removed, whoever does it.

CREATE FUNCTION "count_dead_added"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "dead_letter_count" ("fingerprint", "outcome", "count")
  SELECT coalesce("fingerprint", ''), "outcome", count(*) FROM "added" WHERE "status" = 'dead' GROUP BY 1, 2;
  RETURN NULL;
END $$;

CREATE FUNCTION "count_dead_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "dead_letter_count" ("fingerprint", "outcome", "count")
  SELECT "fingerprint", "outcome", sum("change")
  FROM (
    SELECT coalesce("fingerprint", '') AS "fingerprint", "outcome", -1 AS "change" FROM "before" WHERE "status" = 'dead'
    UNION ALL
    SELECT coalesce("fingerprint", ''), "outcome", 1 FROM "after" WHERE "status" = 'dead'
  ) AS "changes"
  GROUP BY 1, 2 HAVING sum("change") <> 0;
  RETURN NULL;
END $$;

CREATE FUNCTION "count_dead_removed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "dead_letter_count" ("fingerprint", "outcome", "count")
  SELECT coalesce("fingerprint", ''), "outcome", -count(*) FROM "gone" WHERE "status" = 'dead' GROUP BY 1, 2;
  RETURN NULL;
END $$;

CREATE FUNCTION "count_dead_truncated"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "dead_letter_count";
  RETURN NULL;
END $$;

CREATE TRIGGER "run_dead_added" AFTER INSERT ON "run" REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "count_dead_added"();
CREATE TRIGGER "run_dead_changed" AFTER UPDATE ON "run" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after" FOR EACH STATEMENT EXECUTE FUNCTION "count_dead_changed"();
CREATE TRIGGER "run_dead_removed" AFTER DELETE ON "run" REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "count_dead_removed"();
CREATE TRIGGER "run_dead_truncated" AFTER TRUNCATE ON "run" FOR EACH STATEMENT EXECUTE FUNCTION "count_dead_truncated"();

-- What there is already.
INSERT INTO "dead_letter_count" ("fingerprint", "outcome", "count")
SELECT coalesce("fingerprint", ''), "outcome", count(*) FROM "run" WHERE "status" = 'dead' GROUP BY 1, 2;
