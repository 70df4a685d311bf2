import type { LinePosition } from "../contracts/lines.ts";
import { foldChunk, startOfLog } from "../contracts/lines.ts";
import type { OutputStream } from "../db/generated/client.ts";
import type { Database } from "../db/client.ts";
import { publish } from "../live/notices.ts";
import { carriedOf, positionBefore } from "./line-position.ts";

/** A piece of output to store; `at` is the wall-clock moment it was read. */
export type StoredChunk = { seq: number; stream: OutputStream; at: Date; bytes: Buffer; droppedBytes: number | null };

type Stand = { stdoutLines: number; stderrLines: number; carried: string | null };

/**
 * Stores output under a lease, in order: one statement and one notice for all chunks. Storing the same chunk twice changes
 * nothing; a worker that has lost its lease stores nothing. Each chunk is stored with how many lines have begun by its end, which
 * follows from the chunk before the first.
 */
export async function appendOutput(
  database: Database,
  { runId, attemptId, leaseToken }: { runId: string; attemptId: string; leaseToken: string },
  chunks: StoredChunk[],
): Promise<void> {
  const [first] = chunks;
  if (first === undefined) return;
  const position = first.seq === 1 ? undefined : await positionBefore(database, attemptId, first.seq);
  const stands = standsAfter(chunks, position);
  // Not through Prisma: it would carry each chunk as base64 in JSON.
  await database.pool.query(
    // All bytes as one: pg sends a buffer as it is, and an array of them as text of twice the length.
    `INSERT INTO output_chunk (attempt_id, seq, stream, at, bytes, dropped_bytes, stdout_lines, stderr_lines, carried)
     SELECT attempt.id, chunk.seq, chunk.stream, chunk.at, substring($6::bytea FROM chunk.start FOR chunk.size),
       chunk.dropped_bytes, chunk.stdout_lines, chunk.stderr_lines, chunk.carried
     FROM attempt, unnest($3::int[], $4::output_stream[], $5::timestamptz[], $7::int[], $8::int[], $9::bigint[], $10::int[], $11::int[], $12::jsonb[])
       AS chunk(seq, stream, at, start, size, dropped_bytes, stdout_lines, stderr_lines, carried)
     WHERE attempt.id = $1 AND attempt.status = 'running' AND attempt.lease_token = $2
     ON CONFLICT DO NOTHING`,
    [
      attemptId,
      leaseToken,
      chunks.map((chunk) => chunk.seq),
      chunks.map((chunk) => chunk.stream),
      chunks.map((chunk) => chunk.at),
      Buffer.concat(chunks.map((chunk) => chunk.bytes)),
      startsOf(chunks),
      chunks.map((chunk) => chunk.bytes.byteLength),
      chunks.map((chunk) => chunk.droppedBytes),
      stands.map((stand) => stand.stdoutLines),
      stands.map((stand) => stand.stderrLines),
      stands.map((stand) => stand.carried),
    ],
  );
  await publish(database.client, { kind: "output", runId });
}

/** Where each begins within all of them; PostgreSQL counts from 1. */
function startsOf(chunks: StoredChunk[]): number[] {
  let next = 1;
  return chunks.map(({ bytes }) => {
    const start = next;
    next += bytes.byteLength;
    return start;
  });
}

function standsAfter(chunks: StoredChunk[], position: LinePosition | undefined): Stand[] {
  const current = position ?? startOfLog();
  return chunks.map(({ stream, bytes, droppedBytes }) => {
    // Newlines and colour sequences are ASCII: no need to know the characters between them.
    foldChunk(current, { stream, text: bytes.toString("latin1"), droppedBytes });
    const carried = carriedOf(current);
    return { stdoutLines: current.lines.stdout, stderrLines: current.lines.stderr, carried: carried === null ? null : JSON.stringify(carried) };
  });
}
