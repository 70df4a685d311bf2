import type { ServiceContext } from "../context.ts";
import type { LinePosition } from "../contracts/lines.ts";
import { findAttempt } from "./find-attempt.ts";
import { positionBefore } from "./line-position.ts";
import { UNPACKED_SIZE } from "./packed-bytes.ts";
import { lastSeq } from "./seek-output.ts";

/** However small they are, more chunks than so many are too much at once. */
const CHUNKS_MAX = 400;

/**
 * Where an attempt's output stands now, if more than so many bytes of it come after a sequence number; null if not. Sizes alone are
 * looked at, which PostgreSQL knows without reading the bytes. @throws NotFoundError
 */
export async function findOutputBeyond(
  ctx: ServiceContext,
  { id, attempt: number, after, bytes }: { id: string; attempt: number; after: number; bytes: number },
): Promise<{ seq: number; position: LinePosition } | null> {
  const { database } = ctx;
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return null;
  const { rows } = await database.pool.query<{ chunks: number; bytes: number | null }>(
    `SELECT count(*)::int AS chunks, sum(size)::float8 AS bytes
     FROM (SELECT ${UNPACKED_SIZE} AS size FROM output_chunk WHERE attempt_id = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS next`,
    [attempt.id, after, CHUNKS_MAX],
  );
  const waiting = rows[0];
  if (waiting === undefined || (waiting.chunks < CHUNKS_MAX && (waiting.bytes ?? 0) <= bytes)) return null;
  const seq = await lastSeq(database, attempt.id);
  return { seq, position: await positionBefore(database, attempt.id, seq + 1) };
}
