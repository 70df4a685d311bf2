-- Searches for part of a name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateEnum
CREATE TYPE "group_state" AS ENUM ('open', 'ignored', 'resolved');

-- DropIndex
DROP INDEX "run_created_at_id_idx";

-- DropIndex
DROP INDEX "run_idempotency_key_key";

-- DropIndex
DROP INDEX "run_status_created_at_idx";

-- AlterTable
ALTER TABLE "bulk_item" ADD COLUMN     "canary" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "bulk_operation" ADD COLUMN     "canary_count" INTEGER,
ADD COLUMN     "canary_judged_at" TIMESTAMPTZ(3),
ADD COLUMN     "canary_pass_percent" INTEGER,
ADD COLUMN     "message" TEXT;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "fingerprint" TEXT,
ADD COLUMN     "submitter_id" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "run_content" ADD COLUMN     "name" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "tags" TEXT[];

-- CreateTable
CREATE TABLE "requeue" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "after_attempt" INTEGER NOT NULL,
    "operation_id" UUID,
    "limits" JSONB,
    "retry" JSONB,

    CONSTRAINT "requeue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dead_letter_group" (
    "fingerprint" TEXT NOT NULL,
    "outcome" "outcome" NOT NULL,
    "exit_code" INTEGER,
    "signal" TEXT,
    "script" TEXT NOT NULL,
    "line" TEXT,
    "state" "group_state" NOT NULL DEFAULT 'open',
    "ignored_until" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3),
    "changed_by" TEXT,
    "reopened_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letter_group_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateTable
CREATE TABLE "lane_pause" (
    "lane" "lane" NOT NULL,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "paused_by" TEXT NOT NULL,

    CONSTRAINT "lane_pause_pkey" PRIMARY KEY ("lane")
);

-- CreateIndex
CREATE INDEX "requeue_run_id_idx" ON "requeue"("run_id");

-- CreateIndex
CREATE INDEX "run_status_id_idx" ON "run"("status", "id" DESC);

-- CreateIndex
CREATE INDEX "run_outcome_id_idx" ON "run"("outcome", "id" DESC);

-- CreateIndex
CREATE INDEX "run_language_id_idx" ON "run"("language", "id" DESC);

-- CreateIndex
CREATE INDEX "run_fingerprint_finished_at_idx" ON "run"("fingerprint", "finished_at");

-- CreateIndex
CREATE UNIQUE INDEX "run_submitter_id_idempotency_key_key" ON "run"("submitter_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "run_content_name_idx" ON "run_content" USING GIN ("name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "run_content_tags_idx" ON "run_content" USING GIN ("tags");

-- AddForeignKey
ALTER TABLE "requeue" ADD CONSTRAINT "requeue_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Names and tags of earlier runs, for the search.
UPDATE "run_content" SET "name" = "run"."name", "tags" = "run"."tags" FROM "run" WHERE "run"."id" = "run_content"."run_id";

-- Which outcomes and languages go with which status: without it a filter by two of them is planned as if they had nothing to do
-- with each other.
CREATE STATISTICS "run_facets" (mcv, dependencies) ON "status", "outcome", "language" FROM "run";
