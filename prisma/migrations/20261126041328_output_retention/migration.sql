-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "output_removed_at" TIMESTAMPTZ(3);
