-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('queued', 'running', 'retrying', 'succeeded', 'failed', 'dead', 'cancelled', 'discarded');

-- CreateEnum
CREATE TYPE "attempt_status" AS ENUM ('running', 'finished');

-- CreateEnum
CREATE TYPE "outcome" AS ENUM ('succeeded', 'cancelled', 'timeout', 'output_limit', 'out_of_memory', 'process_limit', 'disk_limit', 'signal', 'exit_nonzero', 'spawn_error', 'worker_lost', 'internal_error');

-- CreateEnum
CREATE TYPE "lane" AS ENUM ('batch', 'interactive');

-- CreateEnum
CREATE TYPE "output_stream" AS ENUM ('stdout', 'stderr');

-- CreateEnum
CREATE TYPE "worker_status" AS ENUM ('active', 'draining', 'stopped', 'lost');

-- CreateEnum
CREATE TYPE "bulk_kind" AS ENUM ('retry', 'discard');

-- CreateEnum
CREATE TYPE "bulk_status" AS ENUM ('pending', 'running', 'finished');

-- CreateEnum
CREATE TYPE "bulk_item_result" AS ENUM ('succeeded', 'skipped', 'failed');

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "args" TEXT[],
    "status" "run_status" NOT NULL DEFAULT 'queued',
    "outcome" "outcome",
    "message" TEXT,
    "lane" "lane" NOT NULL DEFAULT 'batch',
    "limits" JSONB NOT NULL,
    "retry" JSONB NOT NULL,
    "tags" TEXT[],
    "priority" INTEGER NOT NULL DEFAULT 0,
    "dead_letter" BOOLEAN NOT NULL DEFAULT true,
    "network" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "submitted_by" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "request_hash" TEXT,
    "job_id" UUID,
    "lease_token" UUID,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "charged_failures" INTEGER NOT NULL DEFAULT 0,
    "interruptions" INTEGER NOT NULL DEFAULT 0,
    "internal_errors" INTEGER NOT NULL DEFAULT 0,
    "worker_crashes" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_content" (
    "run_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "stdin" TEXT,
    "env" JSONB NOT NULL,

    CONSTRAINT "run_content_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "status" "attempt_status" NOT NULL DEFAULT 'running',
    "outcome" "outcome",
    "message" TEXT,
    "exit_code" INTEGER,
    "signal" TEXT,
    "lease_token" UUID NOT NULL,
    "worker_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "limits" JSONB NOT NULL,
    "usage" JSONB,
    "evidence" JSONB,
    "enforced" BOOLEAN NOT NULL DEFAULT true,
    "stdout_bytes" BIGINT NOT NULL DEFAULT 0,
    "stderr_bytes" BIGINT NOT NULL DEFAULT 0,
    "dropped_bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "output_chunk" (
    "attempt_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "stream" "output_stream" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "bytes" BYTEA NOT NULL,
    "dropped_bytes" BIGINT,

    CONSTRAINT "output_chunk_pkey" PRIMARY KEY ("attempt_id","seq")
);

-- CreateTable
CREATE TABLE "usage_sample" (
    "attempt_id" UUID NOT NULL,
    "at_ms" INTEGER NOT NULL,
    "memory_bytes" BIGINT NOT NULL,
    "cpu_ms" INTEGER NOT NULL,
    "throttled_ms" INTEGER NOT NULL,
    "pids" INTEGER NOT NULL,

    CONSTRAINT "usage_sample_pkey" PRIMARY KEY ("attempt_id","at_ms")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "status" "worker_status" NOT NULL DEFAULT 'active',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "batch_slots" INTEGER NOT NULL,
    "interactive_slots" INTEGER NOT NULL,
    "capabilities" JSONB NOT NULL,
    "host_memory_bytes" BIGINT NOT NULL,
    "host_cpu_millis" INTEGER NOT NULL,
    "rss_bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings_version" (
    "version" INTEGER NOT NULL,
    "values" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "settings_version_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "bulk_operation" (
    "id" UUID NOT NULL,
    "kind" "bulk_kind" NOT NULL,
    "status" "bulk_status" NOT NULL DEFAULT 'pending',
    "selection" JSONB NOT NULL,
    "limits" JSONB,
    "retry" JSONB,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "total" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_operation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_item" (
    "operation_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "result" "bulk_item_result",
    "reason" TEXT,

    CONSTRAINT "bulk_item_pkey" PRIMARY KEY ("operation_id","run_id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "run_idempotency_key_key" ON "run"("idempotency_key");

-- CreateIndex
CREATE INDEX "run_status_created_at_idx" ON "run"("status", "created_at" DESC);

-- CreateIndex
CREATE INDEX "run_created_at_id_idx" ON "run"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "attempt_worker_id_status_idx" ON "attempt"("worker_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_run_id_number_key" ON "attempt"("run_id", "number");

-- CreateIndex
CREATE INDEX "bulk_item_operation_id_result_idx" ON "bulk_item"("operation_id", "result");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- AddForeignKey
ALTER TABLE "run_content" ADD CONSTRAINT "run_content_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "output_chunk" ADD CONSTRAINT "output_chunk_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_sample" ADD CONSTRAINT "usage_sample_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "bulk_operation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
