-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "bulk_status" ADD VALUE 'paused';
ALTER TYPE "bulk_status" ADD VALUE 'aborted';

-- AlterTable
ALTER TABLE "bulk_operation" ADD COLUMN     "next_batch_at" TIMESTAMPTZ(3),
ADD COLUMN     "rate_per_minute" INTEGER;
