import type { LinePosition, LogLine, LogView } from "#server/contracts/lines.ts";
import { endLine, extendLine, foldChunk, rowOf, rowsAt, startOfLog } from "#server/contracts/lines.ts";
import type { LinesPage } from "#server/contracts/log.ts";
import type { OutputChunk } from "#server/contracts/runs.ts";

import { createLineCache } from "./line-cache.ts";

export type LogSnapshot = {
  /** Rises with every change. */
  version: number;
  /** How many there are, loaded or not. */
  rows: number;
  /** `loading` until it is known how many there are. */
  state: "loading" | "ready" | "error";
  error: unknown;
};

/** One view of one attempt's output in this tab: it knows how many lines there are, and holds those that were looked at or streamed. */
export type LogStore = {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => LogSnapshot;
  /** A row, from 1; undefined while it is not loaded. */
  line: (row: number) => LogLine | undefined;
  /** The last chunk that was taken; 0 before the first. */
  seq: () => number;
  /** Reads where the log stands, with the rows around one; null: with its end. Nothing once it is known. */
  open: (around: number | null) => Promise<void>;
  /** Rows that are on screen, `last` with them: what is missing of them and around them is loaded. */
  show: (first: number, last: number) => void;
  /** Takes what the stream brought. */
  take: (chunks: readonly OutputChunk[]) => void;
  /** The stream goes on from here: what lies between is loaded when it is shown. */
  skipTo: (stand: { seq: number; position: LinePosition }) => void;
  /** After a failure: once more. */
  retry: () => void;
};

type ReadWindow = (from: number, count: number) => Promise<LinesPage>;

/** At five thousand lines a second the page still draws only so often. */
const NOTIFY_MS = 100;
/** What is read at once. */
export const WINDOW_ROWS = 300;
/** Rows beyond the screen that are loaded with it, on either side. */
const MARGIN_ROWS = 80;

/** Makes the store of a view; `readWindow` reads rows from the server, from below 0: so many before the end. */
export function createLogStore(view: LogView, readWindow: ReadWindow): LogStore {
  const cache = createLineCache();
  const listeners = new Set<() => void>();
  let position = startOfLog();
  let seq: number | null = null;
  let early: OutputChunk[] = [];
  let current: LogSnapshot = { version: 0, rows: 0, state: "loading", error: null };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opening: Promise<void> | null = null;
  let around: number | null = null;
  let shown: { first: number; last: number } | null = null;
  let loading = false;
  let syncing = false;

  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const listener of listeners) listener();
  };
  const change = (next: Partial<LogSnapshot>, { soon = false } = {}) => {
    current = { ...current, ...next, rows: rowsAt(position, view), version: current.version + 1 };
    if (soon) timer ??= setTimeout(tell, NOTIFY_MS);
    else tell();
  };

  const keep = (page: LinesPage) => {
    for (const line of page.lines) {
      const row = rowOf(line, view);
      // What the stream brought is newer or the same. A line that was unfinished then, and has gone on since, is read again.
      if (cache.get(row) !== undefined || (line.open && page.seq < (seq ?? 0))) continue;
      cache.set(row, { line, through: line.open ? page.seq : Number.MAX_SAFE_INTEGER });
    }
  };

  const stand = (at: { seq: number; position: LinePosition }, page?: LinesPage) => {
    // What was unfinished where we stood has gone on without us.
    for (const stream of ["stdout", "stderr"] as const) {
      const line = position.open[stream];
      if (line !== null && (view === "all" || view === stream)) cache.delete(rowOf({ line, ordinal: position.lines[stream] }, view));
    }
    seq = at.seq;
    position = structuredClone(at.position);
    if (page !== undefined) keep(page);
    takeEarly();
  };

  const fold = (chunk: OutputChunk) => {
    const update = (line: number, stream: OutputChunk["stream"], next: (line: LogLine) => LogLine) => {
      if (view !== "all" && view !== stream) return;
      // The open line of a stream is the last that began in it.
      const row = rowOf({ line, ordinal: position.lines[stream] }, view);
      const held = cache.get(row);
      if (held !== undefined && held.through < chunk.seq) cache.set(row, { line: next(held.line), through: held.through });
    };
    foldChunk(position, chunk, {
      begin: (line) => {
        if (view !== "all" && view !== line.stream) return;
        const row = rowOf(line, view);
        if (cache.get(row) === undefined) cache.set(row, { line: { ...line, at: chunk.at, text: "", more: 0, open: true }, through: 0 });
      },
      extend: (line, piece, stream) => update(line, stream, (old) => extendLine(old, piece)),
      end: (line, stream) => update(line, stream, endLine),
    });
    seq = chunk.seq;
  };

  const takeEarly = () => {
    const waiting = early.toSorted((a, b) => a.seq - b.seq);
    early = [];
    for (const chunk of waiting) {
      if (chunk.seq <= (seq ?? 0)) continue;
      if (chunk.seq === (seq ?? 0) + 1) fold(chunk);
      else early.push(chunk);
    }
  };

  /** A hole in the stream: the server knows where the log stands. */
  const sync = async () => {
    if (syncing) return;
    syncing = true;
    try {
      const page = await readWindow(-1, 1);
      if (page.seq > (seq ?? 0)) stand(page);
      change({ state: "ready", error: null });
    } catch (error) {
      change({ state: "error", error });
    } finally {
      syncing = false;
    }
    load();
  };

  const open = async () => {
    try {
      const page = await (around === null ? readWindow(-WINDOW_ROWS, WINDOW_ROWS) : readWindow(Math.max(1, around - WINDOW_ROWS / 2), WINDOW_ROWS));
      stand(page, page);
      change({ state: "ready", error: null });
    } catch (error) {
      opening = null;
      change({ state: "error", error });
    }
  };

  /** One request at a time, always for what is on screen now: where a fast scroll passed by is not loaded. */
  const load = () => {
    if (loading || shown === null || seq === null) return;
    const rows = rowsAt(position, view);
    const last = Math.min(rows, shown.last);
    if (cache.missing(shown.first, last) === null) return;
    const gap = cache.missing(Math.max(1, shown.first - MARGIN_ROWS), Math.min(rows, last + MARGIN_ROWS));
    if (gap === null) return;
    loading = true;
    readWindow(gap.first, Math.min(WINDOW_ROWS, gap.last - gap.first + 1))
      .then(
        (page) => {
          keep(page);
          change({ state: "ready", error: null });
          return true;
        },
        (error: unknown) => {
          change({ state: "error", error });
          return false;
        },
      )
      .then((loaded) => {
        loading = false;
        if (loaded) load();
      })
      .catch(() => undefined);
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    snapshot: () => current,
    line: (row) => cache.get(row)?.line,
    seq: () => seq ?? 0,
    open(row) {
      if (opening === null) {
        around = row;
        opening = open();
      }
      return opening;
    },
    show(first, last) {
      shown = { first, last };
      if (current.state !== "error") load();
    },
    take(chunks) {
      early.push(...chunks);
      if (seq === null) return;
      takeEarly();
      change({}, { soon: true });
      if (early.length > 0) void sync();
    },
    skipTo(at) {
      if (seq === null || at.seq <= seq) return;
      stand(at);
      change({}, { soon: true });
    },
    retry() {
      if (seq === null) {
        opening = null;
        change({ state: "loading", error: null });
        opening = open();
        return;
      }
      change({ state: "ready", error: null });
      void sync();
    },
  };
}
