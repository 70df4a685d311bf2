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
  // Most scripts print little: one look at both streams is all of it.
  const first = await readRows(database, attemptId, null, 0);
  const [stdout, stderr] = [await startOf(database, attemptId, "stdout", first), await startOf(database, attemptId, "stderr", first)];
  const isTruncated = (rows: Row[]) => sizeOf(rows) > SHOWN_BYTES || rows.some(({ isDropped }) => isDropped);
  return { stdout: textOf(stdout), stderr: textOf(stderr), truncated: isTruncated(stdout) || isTruncated(stderr) };
}

const sizeOf = (rows: Row[]) => rows.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
const textOf = (rows: Row[]) => new TextDecoder().decode(Buffer.concat(rows.map(({ bytes }) => bytes)).subarray(0, SHOWN_BYTES));

/** What of a stream was read with the first of both, and on from there. */
async function startOf(database: Database, attemptId: string, stream: LineStream, first: Row[]): Promise<Row[]> {
  const rows = first.filter((row) => row.stream === stream);
  for (let page = first; page.length === CHUNKS_AT_ONCE && sizeOf(rows) < SHOWN_BYTES;) {
    page = await readRows(database, attemptId, stream, page.at(-1)?.seq ?? 0);
    rows.push(...page);
  }
  return rows;
}

const readRows = (database: Database, attemptId: string, stream: LineStream | null, after: number) =>
  database.rows<Row>(
    `SELECT seq, stream, bytes, dropped_bytes IS NOT NULL AS "isDropped" FROM output_chunk
     WHERE attempt_id = $1 AND seq > $2 AND ($3::text IS NULL OR stream::text = $3) ORDER BY seq LIMIT $4`,
    [attemptId, after, stream, CHUNKS_AT_ONCE],
  );
