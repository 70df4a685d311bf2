-- AlterTable
ALTER TABLE "output_chunk" ADD COLUMN     "unpacked_size" INTEGER;

-- The worker packs what can be packed, better and in less time than PostgreSQL would. Chunks that are there stay as they are.
ALTER TABLE "output_chunk" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
