import type { ServiceContext } from "../context.ts";
import type { ReadOutput } from "../contracts/runs.ts";
import { findAttempt } from "./find-attempt.ts";
import { unpack } from "./packed-bytes.ts";

const CHUNKS_AT_ONCE = 16;

/** The bytes of an attempt's output as they were printed, a megabyte at a time. @throws NotFoundError, at the first read. */
export async function* streamRawOutput(ctx: ServiceContext, { id, attempt: number, stream, after: seen }: ReadOutput): AsyncGenerator<Uint8Array> {
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return;
  let after = seen;
  for (;;) {
    const chunks = await ctx.database.client.outputChunk.findMany({
      where: { attemptId: attempt.id, seq: { gt: after }, ...(stream === "all" ? {} : { stream }) },
      orderBy: { seq: "asc" },
      take: CHUNKS_AT_ONCE,
    });
    for (const chunk of chunks) yield unpack(chunk);
    const last = chunks.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
