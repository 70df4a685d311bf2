import type { ServiceContext } from "../context.ts";
import type { OutputChunk, ReadOutput } from "../contracts/runs.ts";
import type { OutputChunk as OutputChunkRow } from "../db/generated/client.ts";
import { findAttempt } from "./find-attempt.ts";

/** A page is about so large: sixteen of the largest chunks. */
const PAGE_CHUNKS = { full: 16, fetched: 256 };
const PAGE_BYTES = PAGE_CHUNKS.full * 64 * 1024;

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
  const rows = await ctx.database.client.outputChunk.findMany({
    where: { attemptId: attempt.id, seq: { gt: after }, ...(stream === "all" ? {} : { stream }) },
    orderBy: { seq: "asc" },
    take: PAGE_CHUNKS.fetched,
  });
  const page: OutputChunkRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (page.length > 0 && bytes + row.bytes.byteLength > PAGE_BYTES) break;
    page.push(row);
    bytes += row.bytes.byteLength;
  }
  const last = page.at(-1);
  const more = page.length < rows.length || rows.length === PAGE_CHUNKS.fetched;
  return {
    attempt: attempt.number,
    chunks: page.map(toOutputChunk),
    nextAfter: more && last !== undefined ? last.seq : null,
    ended: attempt.status === "finished",
  };
}

/** A row as the contract shows it. Chunks end between characters, so each decodes by itself. */
export function toOutputChunk(row: OutputChunkRow): OutputChunk {
  return {
    seq: row.seq,
    stream: row.stream,
    at: row.at.toISOString(),
    text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(row.bytes),
    droppedBytes: row.droppedBytes === null ? null : Number(row.droppedBytes),
  };
}
