import type { LinePosition, LogView } from "../contracts/lines.ts";
import type { Database } from "../db/client.ts";
import { toPosition } from "./line-position.ts";
import { unpackText } from "./packed-bytes.ts";

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

/** As they come: all of it text, packed bytes as hexadecimal digits; `atMs` since 1970. */
type Row = {
  seq: string;
  stream: "stdout" | "stderr";
  atMs: string;
  text: string | null;
  packed: string | null;
  unpackedSize: string;
  droppedBytes: string | null;
  stdoutLines: string;
  stderrLines: string;
  carried: string | null;
};

/** A window needs one or two. Who reads on reads all of it: thirty-two of the largest are two megabytes. */
const CHUNKS = { first: 2, most: 32 };

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
    const isMore = end !== undefined && rows.length === most && Number(end.seq) < range.last;
    most = Math.min(most * 4, CHUNKS.most);
    const readOn: () => Promise<Row[]> = () => readRows(database, attemptId, { ...range, after: Number(end?.seq ?? range.last) }, most);
    // Who has come so far reads all of it: the next are under way while these are worked on.
    const ahead: Promise<Row[]> | null = isMore && rows.length > CHUNKS.first ? readOn() : null;
    ahead?.catch(() => undefined);
    for (const row of rows) yield toChunk(row);
    reading = isMore ? (ahead ?? readOn()) : null;
  }
}

function toChunk({ seq, stream, atMs, text, packed, unpackedSize, droppedBytes, stdoutLines, stderrLines, carried }: Row): LineChunk {
  return {
    seq: Number(seq),
    stream,
    at: new Date(Number(atMs)),
    text: text ?? unpackText({ bytes: Buffer.from(packed ?? "", "hex"), unpackedSize: Number(unpackedSize) }),
    droppedBytes: droppedBytes === null ? null : Number(droppedBytes),
    after: toPosition({ stdoutLines: Number(stdoutLines), stderrLines: Number(stderrLines), carried: carried === null ? null : JSON.parse(carried) }),
  };
}

/**
 * Not through Prisma, which would carry each chunk as base64 in JSON, and not as hexadecimal text, pg's own way, which takes four times
 * as long. Asked for in binary, text travels as it is, and so do bytes, of which pg makes text too: what is not UTF-8 becomes U+FFFD, as
 * it has to. Chunks end between characters, so each is decoded by itself. Packed ones are so short that digits cost little. Numbers pg
 * would spoil: they are asked for as text.
 */
async function readRows(
  { pool }: Database,
  attemptId: string,
  { after, last, view }: { after: number; last: number; view: LogView },
  most: number,
): Promise<Row[]> {
  const query = {
    text: `SELECT seq::text, stream::text, (extract(epoch FROM at) * 1000)::bigint::text AS "atMs", CASE WHEN unpacked_size IS NULL THEN bytes END AS text,
        CASE WHEN unpacked_size IS NOT NULL THEN encode(bytes, 'hex') END AS packed, unpacked_size::text AS "unpackedSize", dropped_bytes::text AS "droppedBytes",
        stdout_lines::text AS "stdoutLines", stderr_lines::text AS "stderrLines", carried::text
      FROM output_chunk WHERE attempt_id = $1 AND seq > $2 AND seq <= $3 AND ($4 = 'all' OR stream::text = $4 OR dropped_bytes IS NOT NULL)
      ORDER BY output_chunk.seq LIMIT $5`,
    values: [attemptId, after, last, view, most],
    binary: true,
  };
  const { rows } = await pool.query<Row>(query);
  return rows;
}
