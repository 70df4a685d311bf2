import type { ServiceContext } from "../context.ts";
import type { LineStream } from "../contracts/lines.ts";
import type { Run } from "../contracts/runs.ts";
import type { Database } from "../db/client.ts";
import { unpack } from "./packed-bytes.ts";
import type { PackedBytes } from "./packed-bytes.ts";

/** At most so much a stream travels inside a run; the rest is at /output. */
const SHOWN_BYTES = 1024 * 1024;
/** As many of the largest hold that much. */
const CHUNKS_AT_ONCE = 16;

type Row = { attemptId: string; seq: number; stream: LineStream; bytes: Uint8Array; isDropped: boolean };

/** The output of a run's last attempt as two texts of at most 1 MiB each: the start of each stream, whole where it fits. */
export async function outputTexts({ database }: ServiceContext, runId: string): Promise<NonNullable<Run["output"]>> {
  // Most scripts print little: one look at both streams is all of it.
  const first = await readRows(database, "(SELECT id FROM attempt WHERE run_id = $1 ORDER BY number DESC LIMIT 1)", { of: runId, stream: null, after: 0 });
  const [stdout, stderr] = [await startOf(database, "stdout", first), await startOf(database, "stderr", first)];
  const isTruncated = (rows: Row[]) => sizeOf(rows) > SHOWN_BYTES || rows.some(({ isDropped }) => isDropped);
  return { stdout: textOf(stdout), stderr: textOf(stderr), truncated: isTruncated(stdout) || isTruncated(stderr) };
}

const sizeOf = (rows: Row[]) => rows.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
const textOf = (rows: Row[]) => new TextDecoder().decode(Buffer.concat(rows.map(({ bytes }) => bytes)).subarray(0, SHOWN_BYTES));

/** What of a stream was read with the first of both, and on from there. */
async function startOf(database: Database, stream: LineStream, first: Row[]): Promise<Row[]> {
  const rows = first.filter((row) => row.stream === stream);
  for (let last = lastOfFull(first); last !== undefined && sizeOf(rows) < SHOWN_BYTES;) {
    const page = await readRows(database, "$1", { of: last.attemptId, stream, after: last.seq });
    rows.push(...page);
    last = lastOfFull(page);
  }
  return rows;
}

/** Where to go on from; nothing follows a page that has room. */
const lastOfFull = (page: Row[]) => (page.length === CHUNKS_AT_ONCE ? page.at(-1) : undefined);

/** `attempt` is the SQL of whose output it is, with `of` as $1. */
async function readRows(database: Database, attempt: string, { of, stream, after }: { of: string; stream: LineStream | null; after: number }): Promise<Row[]> {
  const rows = await database.rows<Row & PackedBytes>(
    `SELECT attempt_id AS "attemptId", seq, stream, bytes, unpacked_size AS "unpackedSize", dropped_bytes IS NOT NULL AS "isDropped" FROM output_chunk
     WHERE attempt_id = ${attempt} AND seq > $2 AND ($3::text IS NULL OR stream::text = $3) ORDER BY seq LIMIT $4`,
    [of, after, stream, CHUNKS_AT_ONCE],
  );
  return rows.map(({ bytes, unpackedSize, ...row }) => ({ ...row, bytes: unpack({ bytes, unpackedSize }) }));
}
