import type { OutputChunk } from "#server/contracts/runs.ts";

import { hasHole, NO_CHUNKS, takePage, takeStreamed } from "./chunk-order.ts";
import { appendChunks, emptyLog } from "./split-lines.ts";
import type { LogLine } from "./split-lines.ts";

export type OutputPage = { chunks: OutputChunk[]; nextAfter: number | null; ended: boolean };

export type LogSnapshot = {
  /** Rises with every change; `lines` is the same array all along. */
  version: number;
  lines: readonly LogLine[];
  /** `loading` until what the server already had is here. */
  state: "loading" | "ready" | "error";
  error: unknown;
};

/** One attempt's output in this tab. */
export type LogStore = {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => LogSnapshot;
  lastSeq: () => number;
  /** Takes what the stream brought; fetches what is missing in between. */
  take: (chunks: readonly OutputChunk[]) => void;
  /** Reads on from where we are, to the end of what the server has. Never twice at once. */
  load: () => Promise<void>;
};

/** At five thousand lines a second the page still draws only so often. */
const NOTIFY_MS = 100;

/** Makes the store of one attempt's output; `readPage` reads the page after a sequence number. */
export function createLogStore(readPage: (after: number) => Promise<OutputPage>): LogStore {
  const log = emptyLog();
  const listeners = new Set<() => void>();
  let order = NO_CHUNKS;
  let current: LogSnapshot = { version: 0, lines: log.lines, state: "loading", error: null };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let loading: Promise<void> | null = null;

  const change = (next: Partial<LogSnapshot>) => {
    current = { ...current, ...next, version: current.version + 1 };
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const listener of listeners) listener();
    }, NOTIFY_MS);
  };

  const append = (chunks: OutputChunk[]) => {
    if (chunks.length === 0) return;
    appendChunks(log, chunks);
    change({});
  };

  const readAll = async () => {
    for (let after: number | null = order.lastSeq; after !== null;) {
      const page: OutputPage = await readPage(after);
      const step = takePage(order, page.chunks);
      order = step.order;
      append(step.ready);
      after = page.nextAfter;
    }
  };

  const load = () => {
    loading ??= readAll()
      .then(
        () => change({ state: "ready", error: null }),
        (error: unknown) => change({ state: "error", error }),
      )
      .finally(() => {
        loading = null;
      });
    return loading;
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    snapshot: () => current,
    lastSeq: () => order.lastSeq,
    take(chunks) {
      const step = takeStreamed(order, chunks);
      order = step.order;
      append(step.ready);
      if (hasHole(order)) void load();
    },
    load,
  };
}
