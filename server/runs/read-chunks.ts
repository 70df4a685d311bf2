import type { LinePosition, LogView } from "../contracts/lines.ts";
import type { Database } from "../db/client.ts";
import type { PositionRow } from "./line-position.ts";
import { toPosition } from "./line-position.ts";

/** A chunk as lines are made of it. */
export type LineChunk = {
  seq: number;
  stream: "stdout" | "stderr";
  at: Date;
  text: string;
  droppedBytes: number | null;
  /** Where the output stands after it. */
  after: LinePosition;
};

type Row = PositionRow & { seq: number; stream: "stdout" | "stderr"; at: Date; bytes: Buffer; droppedBytes: string | null };

/** A window needs one or two. Who reads on reads all of it: thirty-two of the largest are two megabytes. */
const CHUNKS = { first: 2, most: 32 };

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Chunks of an attempt's output after a sequence number, up to another, in order. Of one stream alone they are that stream's and the
 * marker of what was dropped, which ends the lines of both.
 */
export async function* readChunks({ pool }: Database, attemptId: string, range: { after: number; last: number; view: LogView }): AsyncGenerator<LineChunk> {
  const { last, view } = range;
  for (let after = range.after, most = CHUNKS.first; after < last; most = Math.min(most * 4, CHUNKS.most)) {
    // Not through Prisma: it would carry each chunk as base64 in JSON.
    const { rows } = await pool.query<Row>(
      `SELECT seq, stream, at, bytes, dropped_bytes AS "droppedBytes", stdout_lines AS "stdoutLines", stderr_lines AS "stderrLines", carried
       FROM output_chunk WHERE attempt_id = $1 AND seq > $2 AND seq <= $3 AND ($4 = 'all' OR stream::text = $4 OR dropped_bytes IS NOT NULL)
       ORDER BY seq LIMIT $5`,
      [attemptId, after, last, view, most],
    );
    for (const { bytes, droppedBytes, ...row } of rows) {
      yield {
        seq: row.seq,
        stream: row.stream,
        at: row.at,
        // Chunks end between characters, so each decodes by itself.
        text: decoder.decode(bytes),
        droppedBytes: droppedBytes === null ? null : Number(droppedBytes),
        after: toPosition(row),
      };
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < most) return;
    after = end.seq;
  }
}
