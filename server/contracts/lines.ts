/**
 * How output becomes numbered lines: once for the server, which keeps the count with every chunk, and for the browser, which goes on
 * from there. Free of Zod, so that the browser may import it for nothing.
 */

export type LineStream = "stdout" | "stderr";

/** Which lines a log shows: those of one stream, or all in the order in which they began. */
export const LOG_VIEWS = ["all", "stdout", "stderr"] as const;
export type LogView = (typeof LOG_VIEWS)[number];

type PerStream<T> = Record<LineStream, T>;

/** Where a log stands between two chunks: enough to go on without anything that came before. */
export type LinePosition = {
  /** Lines that have begun. */
  lines: PerStream<number>;
  /** The number of the line that is not finished, over both streams; null where the next text begins a new one. */
  open: PerStream<number | null>;
  /** Colour sequences in force. */
  style: PerStream<string>;
  /** A colour sequence that was cut in two waits for its rest. */
  escape: PerStream<string>;
};

/** A line as it is shown. */
export type LogLine = {
  /** Its number over both streams, from 1. */
  line: number;
  /** Its number among the lines of its stream. */
  ordinal: number;
  stream: LineStream;
  /** When it began. */
  at: string;
  /** Colour sequences that were in force when it began. */
  style: string;
  /** At most LINE_MAX_CHARS of it. */
  text: string;
  /** Characters that are left out at its end. */
  more: number;
  /** Not finished yet. */
  open: boolean;
  /** What was left out over the limit ended with a carriage return: more text starts the line over. */
  returned?: true;
  /** Set on the marker that stands for what was dropped at the output limit. */
  droppedBytes: number | null;
};

/** Of a longer line only the start is shown: one row must stay cheap. */
export const LINE_MAX_CHARS = 4096;

/** The start of a log. */
export const startOfLog = (): LinePosition => ({
  lines: { stdout: 0, stderr: 0 },
  open: { stdout: null, stderr: null },
  style: { stdout: "", stderr: "" },
  escape: { stdout: "", stderr: "" },
});

/** How many rows a view has at a position. */
export const rowsAt = ({ lines }: LinePosition, view: LogView): number => (view === "all" ? lines.stdout + lines.stderr : lines[view]);

/** Which row of a view a line is, from 1. */
export const rowOf = ({ line, ordinal }: Pick<LogLine, "line" | "ordinal">, view: LogView): number => (view === "all" ? line : ordinal);

/** Who wants to know of lines, besides their number. */
export type LineSink = {
  begin: (line: { line: number; ordinal: number; stream: LineStream; style: string; droppedBytes: number | null }) => void;
  extend: (line: number, piece: string, stream: LineStream) => void;
  end: (line: number, stream: LineStream) => void;
};

/** Takes a chunk, in order. `position` is changed. A line stays open until its newline, also when the other stream speaks in between. */
export function foldChunk(position: LinePosition, chunk: { stream: LineStream; text: string; droppedBytes: number | null }, sink?: LineSink): void {
  const { stream, text, droppedBytes } = chunk;
  const { lines, open, style, escape } = position;
  if (droppedBytes !== null) {
    // The bytes of the marker say the same in words, for who reads the raw output.
    for (const name of ["stdout", "stderr"] as const) {
      if (open[name] !== null) sink?.end(open[name], name);
      open[name] = null;
      escape[name] = "";
    }
    lines[stream] += 1;
    const line = lines.stdout + lines.stderr;
    sink?.begin({ line, ordinal: lines[stream], stream, style: "", droppedBytes });
    sink?.end(line, stream);
    return;
  }
  const hasStyles = escape[stream] !== "" || text.includes("\u001b");
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    let line = open[stream];
    if (line === null) {
      lines[stream] += 1;
      line = lines.stdout + lines.stderr;
      open[stream] = line;
      sink?.begin({ line, ordinal: lines[stream], stream, style: style[stream], droppedBytes: null });
    }
    if (end > start && (sink !== undefined || hasStyles)) {
      const piece = text.slice(start, end);
      sink?.extend(line, piece, stream);
      if (hasStyles) advanceStyle(position, stream, piece);
    }
    if (newline === -1) return;
    sink?.end(line, stream);
    open[stream] = null;
    escape[stream] = "";
    start = newline + 1;
  }
}

/** A line with more text. A carriage return starts it over, as progress bars want it. */
export function extendLine(line: LogLine, piece: string): LogLine {
  const { returned, ...kept } = line;
  if (kept.more === 0) return cut(kept, overwritten(kept.text + piece));
  // Over the limit nothing is kept but what a return would do to it.
  const beyond = overwritten(`${returned ? "\r" : ""}${piece}`);
  const startsOver = returned ? !/^\r+$/.test(beyond) : hasOverwrite(piece);
  if (startsOver) return cut({ ...kept, more: 0 }, beyond);
  return { ...kept, more: kept.more + piece.length, ...(piece.endsWith("\r") || (returned && /^\r*$/.test(piece)) ? { returned: true as const } : {}) };
}

/** A line that is complete. */
export function endLine(line: LogLine): LogLine {
  const { returned: _, ...kept } = line;
  return { ...kept, open: false, text: kept.text.endsWith("\r") ? kept.text.slice(0, -1) : kept.text };
}

function cut(line: LogLine, text: string): LogLine {
  if (text.length <= LINE_MAX_CHARS) return { ...line, text };
  const at = cutBefore(text, LINE_MAX_CHARS);
  return { ...line, text: text.slice(0, at), more: text.length - at, ...(text.endsWith("\r") ? { returned: true as const } : {}) };
}

/** What is left of a text after its carriage returns. One at the very end waits: a newline or more text may follow. */
export function overwritten(text: string): string {
  const whole = text.endsWith("\r") ? text.replace(/\r+$/, "\r") : text;
  const last = whole.length - 1;
  const at = whole.lastIndexOf("\r", whole.endsWith("\r") ? last - 1 : last);
  return at === -1 ? whole : whole.slice(at + 1);
}

const hasOverwrite = (text: string) => /\r+[^\r]/.test(text);

/** Never between the halves of a surrogate pair, nor inside a colour sequence. */
function cutBefore(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  const whole = code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
  const escape = text.lastIndexOf("\u001b", whole);
  const isOpen = escape > whole - 32 && escape > 0 && !/^\u001b\[[0-9;:]*[A-Za-z]/.test(text.slice(escape, whole));
  return isOpen ? escape : whole;
}

const SGR = /\u001b\[([0-9;:]*)m/g;
const CUT_SGR = /\u001b(?:\[[0-9;:]{0,24})?$/;
/** Enough for any sane prompt; more is cut from the front. */
const STYLES_KEPT = 8;

function advanceStyle(position: LinePosition, stream: LineStream, piece: string): void {
  const text = position.escape[stream] + piece;
  position.escape[stream] = CUT_SGR.exec(text)?.[0] ?? "";
  if (!text.includes("\u001b[")) return;
  let inForce = [...position.style[stream].matchAll(SGR)].map((match) => match[0]);
  for (const match of text.matchAll(SGR)) {
    const codes = match[1] ?? "";
    if (/^0*$/.test(codes)) inForce = [];
    else if (/^0*;/.test(codes)) inForce = [match[0]];
    else inForce.push(match[0]);
  }
  position.style[stream] = inForce.slice(-STYLES_KEPT).join("");
}
