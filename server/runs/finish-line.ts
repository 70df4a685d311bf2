import type { LogLine } from "../contracts/lines.ts";
import { endLine, extendLine, overwritten } from "../contracts/lines.ts";
import type { Database } from "../db/client.ts";
import { rawSql, sql } from "../db/sql.ts";
import { UNPACKED_SIZE } from "./packed-bytes.ts";
import { readChunks } from "./read-chunks.ts";
import { seekChunk } from "./seek-output.ts";

/** Chunks that are read on for the rest of a line; of a longer one its last state is looked for from its end. */
const CHUNKS_ON = 32;
const CHUNKS_BACK = 8;

/**
 * A line that was not finished when its window was, as it stands in the end: what other stream's lines came in between is passed over. Of a
 * line without end only the start is read, and the end, where a carriage return may have started it over.
 */
export async function finishLine(database: Database, attemptId: string, line: LogLine, range: { after: number; last: number }): Promise<LogLine> {
  const { stream } = line;
  let current = line;
  let readTo = range.after;
  let read = 0;
  for await (const chunk of readChunks(database, attemptId, { ...range, view: stream })) {
    if (chunk.droppedBytes !== null) return endLine(current);
    const newline = chunk.text.indexOf("\n");
    current = extendLine(current, newline === -1 ? chunk.text : chunk.text.slice(0, newline));
    if (newline !== -1) return endLine(current);
    readTo = chunk.seq;
    read += 1;
    if (current.more > 0 || read === CHUNKS_ON) break;
  }
  if (current.more === 0 && read < CHUNKS_ON) return current;
  return finishFromEnd(database, attemptId, current, { after: readTo, last: range.last });
}

async function finishFromEnd(database: Database, attemptId: string, line: LogLine, range: { after: number; last: number }): Promise<LogLine> {
  const { stream } = line;
  const isOver = sql`(carried -> 'open' ->> ${stream})::int IS DISTINCT FROM ${line.line}`;
  const end = await seekChunk(database, attemptId, range, isOver);
  const isOpen = end > range.last;
  const back = await database.client.$queryRaw<{ seq: number; before: bigint | null }[]>(sql`
    SELECT seq, (SELECT sum(${rawSql(UNPACKED_SIZE)}) FROM output_chunk AS passed
                 WHERE passed.attempt_id = ${attemptId}::uuid AND passed.stream = ${stream}::output_stream AND passed.seq > ${range.after} AND passed.seq < chunk.seq) AS before
    FROM output_chunk AS chunk
    WHERE attempt_id = ${attemptId}::uuid AND stream = ${stream}::output_stream AND seq > ${range.after} AND seq <= ${Math.min(end, range.last)}
    ORDER BY seq DESC LIMIT ${CHUNKS_BACK}`);
  const start = back.at(-1);
  if (start === undefined) return isOpen ? line : endLine(line);
  let rest = "";
  for await (const chunk of readChunks(database, attemptId, { after: start.seq - 1, last: Math.min(end, range.last), view: stream })) {
    if (chunk.droppedBytes !== null) break;
    const newline = chunk.text.indexOf("\n");
    rest += newline === -1 ? chunk.text : chunk.text.slice(0, newline);
    if (newline !== -1) break;
  }
  const shown = overwritten(rest);
  const startedOver = shown !== rest.replace(/\r+$/, "\r");
  const passed = Number(start.before ?? 0);
  const current = startedOver ? extendLine({ ...line, text: "", more: 0 }, shown) : { ...line, more: line.more + passed + rest.length };
  return isOpen ? current : endLine(current);
}
