import type { LinePosition } from "../contracts/lines.ts";
import { foldChunk, startOfLog } from "../contracts/lines.ts";
import type { OutputStream } from "../db/generated/client.ts";
import type { Database } from "../db/client.ts";
import { noticeOf } from "../live/notices.ts";
import { carriedOf, positionBefore } from "./line-position.ts";
import { pack } from "./packed-bytes.ts";

/** A piece of output to store; `at` is the wall-clock moment it was read. */
export type StoredChunk = { seq: number; stream: OutputStream; at: Date; bytes: Buffer; droppedBytes: number | null };

type Stand = { stdoutLines: number; stderrLines: number; carried: string | null };

/**
 * Stores output under a lease, in order: one statement for all chunks, which tells who watches as well. Storing the same chunk twice
 * changes nothing; a worker that has lost its lease stores nothing. Each chunk is stored packed, and with how many lines have begun by its
 * end, which follows from the chunk before the first.
 * @param before where the output stands before the first chunk, if that is known
 * @returns where it stands after the last
 */
export async function appendOutput(
  database: Database,
  { runId, attemptId, leaseToken }: { runId: string; attemptId: string; leaseToken: string },
  chunks: StoredChunk[],
  before?: LinePosition,
): Promise<LinePosition> {
  const [first] = chunks;
  const position = structuredClone(before) ?? (first === undefined || first.seq === 1 ? startOfLog() : await positionBefore(database, attemptId, first.seq));
  if (first === undefined) return position;
  const stands = standsAfter(chunks, position);
  const packed = chunks.map(({ bytes }) => pack(bytes));
  // Not through Prisma: it would carry each chunk as base64 in JSON. All bytes as one: pg sends a buffer as it is, and an array of them
  // as text of twice the length.
  await database.rows(
    `WITH stored AS (
       INSERT INTO output_chunk (attempt_id, seq, stream, at, bytes, unpacked_size, dropped_bytes, stdout_lines, stderr_lines, carried)
       SELECT attempt.id, chunk.seq, chunk.stream, chunk.at, substring($6::bytea FROM chunk.start FOR chunk.size), chunk.unpacked_size,
         chunk.dropped_bytes, chunk.stdout_lines, chunk.stderr_lines, chunk.carried
       FROM attempt, unnest($3::int[], $4::output_stream[], $5::timestamptz[], $7::int[], $8::int[], $9::int[], $10::bigint[], $11::int[], $12::int[], $13::jsonb[])
         AS chunk(seq, stream, at, start, size, unpacked_size, dropped_bytes, stdout_lines, stderr_lines, carried)
       WHERE attempt.id = $1 AND attempt.status = 'running' AND attempt.lease_token = $2
       ON CONFLICT DO NOTHING
       RETURNING seq
     )
     SELECT pg_notify($14, $15) FROM stored LIMIT 1`,
    [
      attemptId,
      leaseToken,
      chunks.map((chunk) => chunk.seq),
      chunks.map((chunk) => chunk.stream),
      chunks.map((chunk) => chunk.at),
      Buffer.concat(packed.map(({ bytes }) => bytes)),
      startsOf(packed),
      packed.map(({ bytes }) => bytes.byteLength),
      packed.map(({ unpackedSize }) => unpackedSize),
      chunks.map((chunk) => chunk.droppedBytes),
      stands.map((stand) => stand.stdoutLines),
      stands.map((stand) => stand.stderrLines),
      stands.map((stand) => stand.carried),
      ...noticeOf({ kind: "output", runId }),
    ],
  );
  return position;
}

/** Where each begins within all of them; PostgreSQL counts from 1. */
function startsOf(chunks: Pick<StoredChunk, "bytes">[]): number[] {
  let next = 1;
  return chunks.map(({ bytes }) => {
    const start = next;
    next += bytes.byteLength;
    return start;
  });
}

/** Moves the position past them. */
function standsAfter(chunks: StoredChunk[], current: LinePosition): Stand[] {
  return chunks.map(({ stream, bytes, droppedBytes }) => {
    // Newlines and colour sequences are ASCII: no need to know the characters between them.
    foldChunk(current, { stream, text: bytes.toString("latin1"), droppedBytes });
    const carried = carriedOf(current);
    return { stdoutLines: current.lines.stdout, stderrLines: current.lines.stderr, carried: carried === null ? null : JSON.stringify(carried) };
  });
}
