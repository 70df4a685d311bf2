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
export async function* readChunks(database: Database, attemptId: string, range: { after: number; last: number; view: LogView }): AsyncGenerator<LineChunk> {
  let most = CHUNKS.first;
  let reading: Promise<Row[]> | null = readRows(database, attemptId, range, most);
  while (reading !== null) {
    const rows: Row[] = await reading;
    const end = rows.at(-1);
    const isMore = end !== undefined && rows.length === most && end.seq < range.last;
    most = Math.min(most * 4, CHUNKS.most);
    const readOn: () => Promise<Row[]> = () => readRows(database, attemptId, { ...range, after: end?.seq ?? range.last }, most);
    // Who has come so far reads all of it: the next are under way while these are worked on.
    const ahead: Promise<Row[]> | null = isMore && rows.length > CHUNKS.first ? readOn() : null;
    ahead?.catch(() => undefined);
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
    reading = isMore ? (ahead ?? readOn()) : null;
  }
}

async function readRows(
  { pool }: Database,
  attemptId: string,
  { after, last, view }: { after: number; last: number; view: LogView },
  most: number,
): Promise<Row[]> {
  // Not through Prisma: it would carry each chunk as base64 in JSON.
  const { rows } = await pool.query<Row>(
    `SELECT seq, stream, at, bytes, dropped_bytes AS "droppedBytes", stdout_lines AS "stdoutLines", stderr_lines AS "stderrLines", carried
     FROM output_chunk WHERE attempt_id = $1 AND seq > $2 AND seq <= $3 AND ($4 = 'all' OR stream::text = $4 OR dropped_bytes IS NOT NULL)
     ORDER BY seq LIMIT $5`,
    [attemptId, after, last, view, most],
  );
  return rows;
}
