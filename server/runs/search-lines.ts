import { stripVTControlCharacters } from "node:util";

import type { ServiceContext } from "../context.ts";
import type { LineStream, LogView } from "../contracts/lines.ts";
import { overwritten, startOfLog } from "../contracts/lines.ts";
import type { LinePosition } from "../contracts/lines.ts";
import type { FoundLines, SearchLines } from "../contracts/log.ts";
import { findAttempt } from "./find-attempt.ts";
import { readChunks } from "./read-chunks.ts";
import type { LineChunk } from "./read-chunks.ts";
import { lastSeq } from "./seek-output.ts";

/** Of very many matches so many are listed on each side of where the reader is. */
const LISTED_EACH_SIDE = 5_000;
/** Of a line that is longer only what could hold the start of a match is kept between chunks. */
const PARTIAL_MAX_CHARS = 64 * 1024;

/** The start of a line whose rest is still to come. */
type Partial = { text: string; matched: boolean };

/**
 * The rows of an attempt's output that hold a text, over all of it, with a true count. Colours and what a carriage return wrote over are
 * not searched, since nobody sees them. @param signal ends it early. @throws NotFoundError
 */
export async function searchLines(
  ctx: ServiceContext,
  { id, attempt: number, view, text, matchCase, around }: SearchLines,
  signal?: AbortSignal,
): Promise<FoundLines> {
  const attempt = await findAttempt(ctx, id, number);
  const found = createFound(around);
  if (attempt === null) return { ...found.result(), searched: 0 };
  const last = await lastSeq(ctx.database, attempt.id);
  const search = createSearch(view, matchCase ? text : text.toLowerCase(), matchCase, found.add);
  for await (const chunk of readChunks(ctx.database, attempt.id, { after: 0, last, view })) {
    if (signal?.aborted === true) break;
    search.take(chunk);
  }
  const searched = search.finish();
  return { ...found.result(), searched };
}

function createFound(around: number) {
  const rows: number[] = [];
  let dropped = 0;
  let beyond = 0;
  let firstAfter = -1;
  return {
    /** Rows of both streams come nearly in order: a line may end after one that began later. */
    add: (row: number) => {
      if (row >= around && firstAfter === -1) firstAfter = rows.length;
      if (firstAfter === -1 && rows.length >= 2 * LISTED_EACH_SIDE) {
        rows.splice(0, LISTED_EACH_SIDE);
        dropped += LISTED_EACH_SIDE;
      }
      if (firstAfter !== -1 && rows.length - firstAfter >= LISTED_EACH_SIDE) beyond += 1;
      else rows.push(row);
    },
    result: () => ({ count: dropped + rows.length + beyond, before: dropped, rows: rows.toSorted((a, b) => a - b) }),
  };
}

function createSearch(view: LogView, needle: string, matchCase: boolean, add: (row: number) => void) {
  const partial: Record<LineStream, Partial> = { stdout: { text: "", matched: false }, stderr: { text: "", matched: false } };
  let before: LinePosition = startOfLog();
  const comparable = (text: string) => (matchCase ? text : text.toLowerCase());
  const plain = (text: string) => (text.includes("\u001b") ? stripVTControlCharacters(text) : text);
  const holds = (text: string) => comparable(plain(text)).includes(needle);
  const isSeen = (line: string) => holds(line.includes("\r") ? overwritten(line.endsWith("\r") ? line.slice(0, -1) : line) : line);

  /** The row of the line with which a chunk of a stream goes on or begins. */
  const firstRow = (stream: LineStream) => {
    const open = before.open[stream];
    if (view !== "all") return open === null ? before.lines[stream] + 1 : before.lines[stream];
    return open ?? before.lines.stdout + before.lines.stderr + 1;
  };

  const endPartial = (stream: LineStream) => {
    const { text, matched } = partial[stream];
    if (before.open[stream] !== null && (matched || isSeen(text))) add(firstRow(stream));
    partial[stream] = { text: "", matched: false };
  };

  return {
    take: ({ stream, text, droppedBytes, after }: LineChunk) => {
      if (droppedBytes !== null) {
        endPartial("stdout");
        endPartial("stderr");
      } else {
        const rest = partial[stream];
        const whole = rest.text + text;
        const lastNewline = whole.lastIndexOf("\n");
        // Most chunks hold no match at all: one look at the whole of it says so.
        if (lastNewline !== -1 && (rest.matched || holds(whole))) {
          const first = firstRow(stream);
          // An open line of this stream is one row; those after it follow the last row there was.
          const next = before.open[stream] === null ? first + 1 : nextRow(stream);
          whole
            .slice(0, lastNewline)
            .split("\n")
            .forEach((line, index) => {
              if ((index === 0 && rest.matched) || isSeen(line)) add(index === 0 ? first : next + index - 1);
            });
        }
        partial[stream] = shortened({ text: whole.slice(lastNewline + 1), matched: lastNewline === -1 && rest.matched });
      }
      before = after;
    },
    /** What never got its newline counts as well. Returns how many rows there are. */
    finish: () => {
      endPartial("stdout");
      endPartial("stderr");
      return view === "all" ? before.lines.stdout + before.lines.stderr : before.lines[view];
    },
  };

  function nextRow(stream: LineStream): number {
    return view === "all" ? before.lines.stdout + before.lines.stderr + 1 : before.lines[stream] + 1;
  }

  function shortened(rest: Partial): Partial {
    if (rest.text.length <= PARTIAL_MAX_CHARS) return rest;
    return { text: rest.text.slice(-Math.max(1, needle.length - 1)), matched: rest.matched || holds(rest.text) };
  }
}
