import { appendOutput } from "#server/runs/append-output.ts";
import type { StoredChunk } from "#server/runs/append-output.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import type { Database } from "#server/db/client.ts";

import type { OutputChunk } from "./executor/types.ts";

/** Chunks are gathered so long before they are written, milliseconds: one statement and one notice for a burst. */
const FLUSH_MS = 50;
/** Beyond so many bytes not yet written the script has to wait for the database. */
const PENDING_MAX_BYTES = 1024 * 1024;
/** One statement carries at most so much. */
const STATEMENT_MAX_BYTES = 512 * 1024;
const RETRY_MS = { first: 100, most: 2_000 };

/** Writes one attempt's output to the database, in order, with backpressure towards the script. */
export type OutputWriter = {
  /** Resolves when more may be handed over. */
  write: (chunk: OutputChunk) => Promise<void>;
  /** What is not known to be stored yet. */
  unwritten: () => StoredChunk[];
  /** Writes what is pending; what could not be written within `patienceMs` is returned, for the journal. */
  finish: (patienceMs: number) => Promise<StoredChunk[]>;
};

/** Makes the writer of an attempt; `startedAt` turns the executor's monotonic times into wall-clock ones. */
export function createOutputWriter(database: Database, lease: Lease, startedAt: () => number): OutputWriter {
  let pending: StoredChunk[] = [];
  let pendingBytes = 0;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let retryMs = RETRY_MS.first;
  let finished = false;
  let room: (() => void)[] = [];

  const releaseRoom = () => {
    if (pendingBytes > PENDING_MAX_BYTES && !finished) return;
    for (const resolve of room) resolve();
    room = [];
  };

  const flushOnce = async () => {
    const batch: StoredChunk[] = [];
    let bytes = 0;
    for (const chunk of pending) {
      if (batch.length > 0 && bytes + chunk.bytes.byteLength > STATEMENT_MAX_BYTES) break;
      batch.push(chunk);
      bytes += chunk.bytes.byteLength;
    }
    if (batch.length === 0) return;
    await appendOutput(database, lease, batch);
    pending = pending.slice(batch.length);
    pendingBytes -= bytes;
    releaseRoom();
  };

  const drain = async () => {
    while (pending.length > 0 && !finished) {
      try {
        await flushOnce();
        retryMs = RETRY_MS.first;
      } catch {
        // The database is away or refused: the chunks stay, the script waits once a megabyte is pending, and storing
        // a chunk twice changes nothing. The worker's heartbeat is what reports the outage.
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        retryMs = Math.min(retryMs * 2, RETRY_MS.most);
      }
    }
  };

  const schedule = (delayMs: number) => {
    if (timer !== null || writing !== null || finished) return;
    timer = setTimeout(() => {
      timer = null;
      writing = drain().finally(() => {
        writing = null;
        if (pending.length > 0) schedule(0);
      });
    }, delayMs);
  };

  return {
    write: async (chunk) => {
      pending.push({
        seq: chunk.seq,
        stream: chunk.stream,
        at: new Date(startedAt() + chunk.atMs),
        bytes: chunk.bytes,
        droppedBytes: chunk.droppedBytes ?? null,
      });
      pendingBytes += chunk.bytes.byteLength;
      schedule(FLUSH_MS);
      if (pendingBytes > PENDING_MAX_BYTES) await new Promise<void>((resolve) => room.push(resolve));
    },
    unwritten: () => [...pending],
    finish: async (patienceMs) => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      writing ??= drain();
      let patience: NodeJS.Timeout | undefined;
      const outOfPatience = new Promise<void>((resolve) => {
        patience = setTimeout(resolve, patienceMs);
      });
      await Promise.race([writing, outOfPatience]);
      clearTimeout(patience);
      finished = true;
      releaseRoom();
      return pending;
    },
  };
}
