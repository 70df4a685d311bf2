import type { ServiceContext } from "../context.ts";
import type { LineStream } from "../contracts/lines.ts";
import type { Run } from "../contracts/runs.ts";
import type { Database } from "../db/client.ts";

/** At most so much a stream travels inside a run; the rest is at /output. */
const SHOWN_BYTES = 1024 * 1024;
/** As many of the largest hold that much. */
const CHUNKS_AT_ONCE = 16;

type Row = { seq: number; stream: LineStream; bytes: Buffer; isDropped: boolean };

/** An attempt's output as two texts of at most 1 MiB each: the start of each stream, whole where it fits. */
export async function outputTexts({ database }: ServiceContext, attemptId: string): Promise<NonNullable<Run["output"]>> {
  const first = await readRows(database, attemptId, null, 0);
  // Most scripts print little: one look at both streams is all of it.
  const isAll = first.length < CHUNKS_AT_ONCE;
  const chunksOf = (stream: LineStream) => (isAll ? first.filter((row) => row.stream === stream) : startOf(database, attemptId, stream));
  const [stdout, stderr] = [await chunksOf("stdout"), await chunksOf("stderr")];
  const isTruncated = (rows: Row[]) => sizeOf(rows) > SHOWN_BYTES || rows.some(({ isDropped }) => isDropped);
  return { stdout: textOf(stdout), stderr: textOf(stderr), truncated: isTruncated(stdout) || isTruncated(stderr) };
}

const sizeOf = (rows: Row[]) => rows.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
const textOf = (rows: Row[]) => new TextDecoder().decode(Buffer.concat(rows.map(({ bytes }) => bytes)).subarray(0, SHOWN_BYTES));

async function startOf(database: Database, attemptId: string, stream: LineStream): Promise<Row[]> {
  const rows: Row[] = [];
  while (sizeOf(rows) < SHOWN_BYTES) {
    const more = await readRows(database, attemptId, stream, rows.at(-1)?.seq ?? 0);
    if (more.length === 0) break;
    rows.push(...more);
  }
  return rows;
}

const readRows = (database: Database, attemptId: string, stream: LineStream | null, after: number) =>
  database.rows<Row>(
    `SELECT seq, stream, bytes, dropped_bytes IS NOT NULL AS "isDropped" FROM output_chunk
     WHERE attempt_id = $1 AND seq > $2 AND ($3::text IS NULL OR stream::text = $3) ORDER BY seq LIMIT $4`,
    [attemptId, after, stream, CHUNKS_AT_ONCE],
  );
