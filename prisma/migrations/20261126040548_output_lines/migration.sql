-- AlterTable
ALTER TABLE "output_chunk" ADD COLUMN     "carried" JSONB,
ADD COLUMN     "stderr_lines" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "stdout_lines" INTEGER NOT NULL DEFAULT 0;

-- Output that was stored before: each chunk counted by itself, so that a line that was cut between two shows as two.
UPDATE "output_chunk" AS chunk SET "stdout_lines" = counted.stdout_lines, "stderr_lines" = counted.stderr_lines
FROM (
  SELECT attempt_id, seq,
    coalesce(sum(begun) FILTER (WHERE stream = 'stdout') OVER before, 0) AS stdout_lines,
    coalesce(sum(begun) FILTER (WHERE stream = 'stderr') OVER before, 0) AS stderr_lines
  FROM (
    SELECT attempt_id, seq, stream,
      CASE WHEN dropped_bytes IS NOT NULL THEN 1
           ELSE length(text) - length(replace(text, E'\n', '')) + CASE WHEN text = '' OR text LIKE E'%\n' THEN 0 ELSE 1 END END AS begun
    FROM (SELECT attempt_id, seq, stream, dropped_bytes, encode(bytes, 'escape') AS text FROM "output_chunk") AS texts
  ) AS lines
  WINDOW before AS (PARTITION BY attempt_id ORDER BY seq)
) AS counted
WHERE chunk.attempt_id = counted.attempt_id AND chunk.seq = counted.seq;
