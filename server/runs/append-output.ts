import type { OutputStream } from "../db/generated/client.ts";
import type { Database } from "../db/client.ts";
import { publish } from "../live/notices.ts";

/** A piece of output to store; `at` is the wall-clock moment it was read. */
export type StoredChunk = { seq: number; stream: OutputStream; at: Date; bytes: Buffer; droppedBytes: number | null };

/**
 * Stores output under a lease: one statement and one notice for all chunks. Storing the same chunk twice changes
 * nothing; a worker that has lost its lease stores nothing.
 */
export async function appendOutput(
  database: Database,
  { runId, attemptId, leaseToken }: { runId: string; attemptId: string; leaseToken: string },
  chunks: StoredChunk[],
): Promise<void> {
  if (chunks.length === 0) return;
  // Not through Prisma: it would carry each chunk as base64 in JSON.
  await database.pool.query(
    `INSERT INTO output_chunk (attempt_id, seq, stream, at, bytes, dropped_bytes)
     SELECT attempt.id, chunk.seq, chunk.stream, chunk.at, chunk.bytes, chunk.dropped_bytes
     FROM attempt, unnest($3::int[], $4::output_stream[], $5::timestamptz[], $6::bytea[], $7::bigint[])
       AS chunk(seq, stream, at, bytes, dropped_bytes)
     WHERE attempt.id = $1 AND attempt.status = 'running' AND attempt.lease_token = $2
     ON CONFLICT DO NOTHING`,
    [
      attemptId,
      leaseToken,
      chunks.map((chunk) => chunk.seq),
      chunks.map((chunk) => chunk.stream),
      chunks.map((chunk) => chunk.at),
      chunks.map((chunk) => chunk.bytes),
      chunks.map((chunk) => chunk.droppedBytes),
    ],
  );
  await publish(database.client, { kind: "output", runId });
}
