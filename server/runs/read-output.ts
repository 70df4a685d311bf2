import type { ServiceContext } from "../context.ts";
import type { OutputChunk, ReadOutput } from "../contracts/runs.ts";
import type { OutputChunk as OutputChunkRow } from "../db/generated/client.ts";
import { rawSql, sql } from "../db/sql.ts";
import { findAttempt } from "./find-attempt.ts";
import { UNPACKED_SIZE, unpackText } from "./packed-bytes.ts";

/** A page is about so large, and has so many chunks at most: sixteen of the largest. */
const PAGE_BYTES = 16 * 64 * 1024;
const PAGE_CHUNKS = 256;

type ListedChunk = Pick<OutputChunkRow, "seq" | "stream" | "at" | "bytes" | "unpackedSize" | "droppedBytes"> & { listed: number };

export type OutputPage = {
  attempt: number;
  chunks: OutputChunk[];
  /** Where the next page begins; null when nothing more is there now. */
  nextAfter: number | null;
  /** Whether the attempt has ended: with `nextAfter` null, this was all of it. */
  ended: boolean;
};

/** A page of an attempt's output after a sequence number. @throws NotFoundError */
export async function readOutput(ctx: ServiceContext, { id, attempt: number, stream, after }: ReadOutput): Promise<OutputPage> {
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return { attempt: number ?? 1, chunks: [], nextAfter: null, ended: false };
  const ofStream = stream === "all" ? sql`` : sql`AND stream = ${stream}::output_stream`;
  // Sizes first, which PostgreSQL knows without reading the bytes: what is not in the page never leaves the database.
  const page = await ctx.database.client.$queryRaw<ListedChunk[]>(sql`
    WITH next AS (
      SELECT seq, ${rawSql(UNPACKED_SIZE)} AS size FROM output_chunk WHERE attempt_id = ${attempt.id}::uuid AND seq > ${after} ${ofStream}
      ORDER BY seq LIMIT ${PAGE_CHUNKS}
    ), summed AS (SELECT seq, size, sum(size) OVER (ORDER BY seq) AS upto FROM next)
    SELECT chunk.seq, chunk.stream::text, chunk.at, chunk.bytes, chunk.unpacked_size AS "unpackedSize", chunk.dropped_bytes AS "droppedBytes", (SELECT count(*)::int FROM next) AS listed
    FROM summed JOIN output_chunk AS chunk ON chunk.attempt_id = ${attempt.id}::uuid AND chunk.seq = summed.seq
    WHERE summed.upto <= ${PAGE_BYTES} OR summed.upto = summed.size
    ORDER BY chunk.seq`);
  const last = page.at(-1);
  const more = last !== undefined && (page.length < last.listed || last.listed === PAGE_CHUNKS);
  return {
    attempt: attempt.number,
    chunks: page.map(toOutputChunk),
    nextAfter: more ? last.seq : null,
    ended: attempt.status === "finished",
  };
}

/** A row as the contract shows it. */
export function toOutputChunk(row: Omit<ListedChunk, "listed">): OutputChunk {
  return {
    seq: row.seq,
    stream: row.stream,
    at: row.at.toISOString(),
    text: unpackText(row),
    droppedBytes: row.droppedBytes === null ? null : Number(row.droppedBytes),
  };
}
