-- DropIndex
DROP INDEX "attempt_worker_id_status_idx";

-- DropIndex
DROP INDEX "bulk_item_operation_id_result_idx";

-- AlterTable
ALTER TABLE "bulk_operation" ADD COLUMN     "limit_factors" JSONB;

-- CreateIndex
CREATE INDEX "attempt_worker_id_status_outcome_idx" ON "attempt"("worker_id", "status", "outcome");

-- CreateIndex
CREATE INDEX "bulk_item_operation_id_result_run_id_idx" ON "bulk_item"("operation_id", "result", "run_id");
