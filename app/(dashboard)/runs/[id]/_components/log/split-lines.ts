import type { OutputChunk } from "#server/contracts/runs.ts";

type Stream = OutputChunk["stream"];

export type LogLine =
  | {
      kind: "text";
      stream: Stream;
      at: string;
      /** Colour sequences still in force when the line began. */
      style: string;
      text: string;
    }
  | { kind: "dropped"; at: string; droppedBytes: number };

type OpenLine = { index: number; style: string };

/** The lines of one attempt so far, and what of each stream is not finished yet. Mutable: a log may have 200,000 lines. */
export type LogLines = { lines: LogLine[]; open: Record<Stream, OpenLine | null>; style: Record<Stream, string> };

/** A line longer than this goes on in the next row: one row must stay cheap to show. */
export const LINE_MAX_CHARS = 4096;

/** The start of a log. */
export function emptyLog(): LogLines {
  return { lines: [], open: { stdout: null, stderr: null }, style: { stdout: "", stderr: "" } };
}

/**
 * Appends chunks, in order. A line that is not finished stays open and is continued where it stands, also when the other
 * stream speaks in between. A carriage return starts the line over, as progress bars want it.
 */
export function appendChunks(log: LogLines, chunks: readonly OutputChunk[]): void {
  for (const chunk of chunks) {
    if (chunk.droppedBytes !== null) {
      log.open = { stdout: null, stderr: null };
      log.lines.push({ kind: "dropped", at: chunk.at, droppedBytes: chunk.droppedBytes });
      if (chunk.text === "") continue;
    }
    appendText(log, chunk.stream, chunk.at, chunk.text);
  }
}

function appendText(log: LogLines, stream: Stream, at: string, text: string): void {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    extend(log, stream, at, text.slice(start, end));
    if (newline === -1) return;
    close(log, stream);
    start = newline + 1;
  }
}

function extend(log: LogLines, stream: Stream, at: string, piece: string): void {
  let open = log.open[stream];
  if (open === null) {
    open = { index: log.lines.length, style: log.style[stream] };
    log.open[stream] = open;
    log.lines.push({ kind: "text", stream, at, style: open.style, text: "" });
  }
  const line = log.lines[open.index];
  if (line?.kind !== "text") return;
  // A new object, so that whoever remembers a line by identity sees that it changed.
  let text = overwritten(line.text + piece);
  while (text.length > LINE_MAX_CHARS) {
    const cut = cutBefore(text, LINE_MAX_CHARS);
    log.lines[open.index] = { ...line, style: open.style, text: text.slice(0, cut) };
    const style = styleAfter(open.style, text.slice(0, cut));
    text = text.slice(cut);
    open = { index: log.lines.length, style };
    log.open[stream] = open;
    log.lines.push({ kind: "text", stream, at, style, text: "" });
  }
  log.lines[open.index] = { ...line, style: open.style, text };
}

function close(log: LogLines, stream: Stream): void {
  const open = log.open[stream];
  if (open === null) return;
  const line = log.lines[open.index];
  if (line?.kind === "text") {
    const text = line.text.endsWith("\r") ? line.text.slice(0, -1) : line.text;
    log.lines[open.index] = { ...line, text };
    log.style[stream] = styleAfter(open.style, text);
  }
  log.open[stream] = null;
}

/** What is left of a line after its carriage returns. One at the very end waits: a newline or more text may follow. */
function overwritten(text: string): string {
  const last = text.length - 1;
  const at = text.lastIndexOf("\r", text.endsWith("\r") ? last - 1 : last);
  return at === -1 ? text : overwrittenBy(text, at);
}

function overwrittenBy(text: string, at: number): string {
  const after = text.slice(at + 1);
  // "\r\r\n" is a line end like any other: nothing came to overwrite the text.
  if (after === "" || after === "\r") return overwritten(text.slice(0, at) + after);
  return after;
}

/** Never between the halves of a surrogate pair, nor inside an escape sequence. */
function cutBefore(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  const whole = code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
  const escape = text.lastIndexOf("\u001b", whole);
  const isOpen = escape > whole - 32 && escape > 0 && !/^\u001b\[[0-9;:]*[A-Za-z]/.test(text.slice(escape, whole));
  return isOpen ? escape : whole;
}

const SGR = /\u001b\[([0-9;:]*)m/g;
/** Enough for any sane prompt; more is cut from the front. */
const STYLES_KEPT = 8;

/** The colour sequences in force after `text`, given those before it. */
function styleAfter(before: string, text: string): string {
  if (!text.includes("\u001b[")) return before;
  let inForce = [...before.matchAll(SGR)].map((match) => match[0]);
  for (const match of text.matchAll(SGR)) {
    const codes = match[1] ?? "";
    if (/^0*$/.test(codes)) inForce = [];
    else if (/^0*;/.test(codes)) inForce = [match[0]];
    else inForce.push(match[0]);
  }
  return inForce.slice(-STYLES_KEPT).join("");
}
