import type { ServiceContext } from "../context.ts";
import { foldChunk, overwritten } from "../contracts/lines.ts";
import type { ReadLine } from "../contracts/log.ts";
import { NotFoundError } from "../errors.ts";
import { findAttempt } from "./find-attempt.ts";
import { positionBefore } from "./line-position.ts";
import { readChunks } from "./read-chunks.ts";
import { lastSeq, seekRow } from "./seek-output.ts";

/** More of one line than this is read in the file. */
const SHOWN_CHARS = 256 * 1024;

/** One line at length. `complete` is false where it goes on beyond what is shown. @throws NotFoundError */
export async function readLine(ctx: ServiceContext, { id, attempt: number, line }: ReadLine): Promise<{ text: string; complete: boolean }> {
  const { database } = ctx;
  const attempt = await findAttempt(ctx, id, number);
  const last = attempt === null ? 0 : await lastSeq(database, attempt.id);
  const at = attempt === null ? 1 : await seekRow(database, attempt.id, "all", line, { after: 0, last });
  if (attempt === null || at > last) throw new NotFoundError("line of this output", String(line));
  const position = await positionBefore(database, attempt.id, at);
  let text = "";
  let ended = false;
  for await (const chunk of readChunks(database, attempt.id, { after: at - 1, last, view: "all" })) {
    foldChunk(position, chunk, {
      begin: () => undefined,
      extend: (of, piece) => {
        if (of === line) text = overwritten(text + piece);
      },
      end: (of) => {
        ended ||= of === line;
      },
    });
    if (ended || text.length > SHOWN_CHARS) break;
  }
  return { text: text.slice(0, SHOWN_CHARS), complete: text.length <= SHOWN_CHARS };
}
