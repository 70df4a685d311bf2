import type { ServiceContext } from "../context.ts";
import type { LogLine, LogView } from "../contracts/lines.ts";
import { endLine, extendLine, foldChunk, rowOf, rowsAt, startOfLog } from "../contracts/lines.ts";
import type { LinesPage, ReadLines } from "../contracts/log.ts";
import type { Database } from "../db/client.ts";
import { findAttempt } from "./find-attempt.ts";
import { finishLine } from "./finish-line.ts";
import { positionBefore } from "./line-position.ts";
import { readChunks } from "./read-chunks.ts";
import { lastSeq, seekRow } from "./seek-output.ts";

/**
 * A window of an attempt's lines, wherever it lies: only the chunks that hold it are read, however long the output is. With where the
 * output stood at that moment, so that a stream can go on from there. @throws NotFoundError
 */
export async function readLines(ctx: ServiceContext, { id, attempt: number, view, from, count }: ReadLines): Promise<LinesPage> {
  const { database } = ctx;
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return { attempt: number ?? 1, lines: [], seq: 0, position: startOfLog(), ended: false };
  const last = await lastSeq(database, attempt.id);
  const position = await positionBefore(database, attempt.id, last + 1);
  const rows = rowsAt(position, view);
  const first = from < 0 ? Math.max(1, rows + from + 1) : Math.max(1, from);
  const lines = await readWindow(database, attempt.id, { view, first, end: Math.min(first + count, rows + 1), last });
  return { attempt: attempt.number, lines, seq: last, position, ended: attempt.status === "finished" };
}

/** Rows of a view from `first` on, before `end`, in an output that ends with the chunk `last`. */
type Window = { view: LogView; first: number; end: number; last: number };

async function readWindow(database: Database, attemptId: string, { view, first, end, last }: Window): Promise<LogLine[]> {
  if (first >= end) return [];
  const lines = new Map<number, LogLine>();
  const finished = new Set<number>();
  let at = await seekRow(database, attemptId, view, first, { after: 0, last });
  while (at <= last) {
    let skipFrom: number | null = null;
    let readTo = at - 1;
    const position = await positionBefore(database, attemptId, at);
    for await (const chunk of readChunks(database, attemptId, { after: at - 1, last, view })) {
      const atTime = chunk.at.toISOString();
      // What the other stream did in between was not read; its count stands in the row.
      if (view !== "all") position.lines[other(view)] = chunk.after.lines[other(view)] - (chunk.droppedBytes !== null && chunk.stream !== view ? 1 : 0);
      foldChunk(position, chunk, {
        begin: (line) => {
          if (line.droppedBytes !== null && view !== "all" && line.stream !== view) return;
          const row = rowOf(line, view);
          if (row >= first && row < end) lines.set(line.line, { ...line, at: atTime, text: "", more: 0, open: true });
        },
        extend: (line, piece) => change(line, (old) => extendLine(old, piece)),
        end: (line) => change(line, endLine),
      });
      readTo = chunk.seq;
      if (rowsAt(position, view) >= end) break;
      // Of a line that is longer than what is shown the rest need not be read.
      const isLong = Object.values(position.open).some((line) => line !== null && (lines.get(line)?.more ?? 0) > 0);
      if (isLong) {
        skipFrom = chunk.seq;
        break;
      }
    }
    for (const line of lines.values()) {
      if (!line.open || finished.has(line.line)) continue;
      lines.set(line.line, await finishLine(database, attemptId, line, { after: readTo, last }));
      finished.add(line.line);
    }
    if (skipFrom === null) break;
    at = await seekRow(database, attemptId, view, rowsAt(position, view) + 1, { after: skipFrom, last });
  }
  return [...lines.values()];

  function change(number: number, next: (line: LogLine) => LogLine): void {
    const line = lines.get(number);
    if (line !== undefined && !finished.has(number)) lines.set(number, next(line));
  }
}

const other = (view: "stdout" | "stderr") => (view === "stdout" ? "stderr" : "stdout");
