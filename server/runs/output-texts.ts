import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";

/** At most so much a stream travels inside a run; the rest is at /output. */
const SHOWN_BYTES = 1024 * 1024;

/** An attempt's output as two texts of at most 1 MiB each: the start of each stream, whole where it fits. */
export async function outputTexts(ctx: ServiceContext, attemptId: string): Promise<NonNullable<Run["output"]>> {
  const texts = { stdout: "", stderr: "" };
  let truncated = false;
  for (const stream of ["stdout", "stderr"] as const) {
    const parts: Uint8Array[] = [];
    let size = 0;
    let after = 0;
    while (size < SHOWN_BYTES) {
      const chunks = await ctx.database.client.outputChunk.findMany({
        where: { attemptId, stream, seq: { gt: after } },
        orderBy: { seq: "asc" },
        take: 16,
      });
      for (const chunk of chunks) {
        parts.push(chunk.bytes);
        size += chunk.bytes.byteLength;
        truncated ||= chunk.droppedBytes !== null;
      }
      const last = chunks.at(-1);
      if (last === undefined) break;
      after = last.seq;
    }
    truncated ||= size > SHOWN_BYTES;
    texts[stream] = new TextDecoder().decode(Buffer.concat(parts).subarray(0, SHOWN_BYTES));
  }
  return { ...texts, truncated };
}
