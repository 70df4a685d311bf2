import type { LinePosition } from "#server/contracts/lines.ts";
import { appendOutput } from "#server/runs/append-output.ts";
import type { StoredChunk } from "#server/runs/append-output.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";

import type { OutputChunk } from "./executor/types.ts";
import type { OutputSpill } from "./output-spill.ts";

/** Chunks are gathered so long before they are written, milliseconds: one statement and one notice for a burst. */
const FLUSH_MS = 50;
/** Beyond so many bytes not yet written the script has to wait for the database; or, while that is away, they go to disk. */
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
  /** Where more of it lies, after that; null when there is no more. */
  spilled: () => string | null;
  /** Writes what is pending; what could not be written within `patienceMs` is returned, for the journal. */
  finish: (patienceMs: number) => Promise<StoredChunk[]>;
  /** All of it is stored, or told of elsewhere: what was on disk goes. */
  discard: () => Promise<void>;
};

/** Makes the writer of an attempt; `startedAt` turns the executor's monotonic times into wall-clock ones. */
export function createOutputWriter(
  database: Database,
  lease: Pick<Lease, "runId" | "attemptId" | "leaseToken">,
  spill: OutputSpill,
  startedAt: () => number,
): OutputWriter {
  let pending: StoredChunk[] = [];
  let pendingBytes = 0;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let retryMs = RETRY_MS.first;
  let finished = false;
  let isAway = false;
  let diskRefused = false;
  let room: (() => void)[] = [];
  /** What was stored last, and where the output stands after it. */
  let stored: { seq: number; position: LinePosition } | null = null;

  const isFull = () => pendingBytes > PENDING_MAX_BYTES;
  const releaseRoom = () => {
    if (isFull() && !isAway && !finished) return;
    for (const resolve of room) resolve();
    room = [];
  };

  const store = async (batch: StoredChunk[]) => {
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return;
    const position = await appendOutput(database, lease, batch, stored?.seq === first.seq - 1 ? stored.position : undefined);
    stored = { seq: last.seq, position };
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
    await store(batch);
    pending = pending.slice(batch.length);
    pendingBytes -= bytes;
    releaseRoom();
  };

  const flushSpill = async () => {
    const batch = await spill.oldest(STATEMENT_MAX_BYTES);
    await store(batch);
    await spill.drop(batch.length);
    releaseRoom();
  };

  const drain = async () => {
    while ((pending.length > 0 || !spill.isEmpty()) && !finished) {
      try {
        // What is in memory came first; while anything is on disk, all that is new goes there.
        if (pending.length > 0) await flushOnce();
        else await flushSpill();
        retryMs = RETRY_MS.first;
        isAway = false;
      } catch {
        isAway = true;
        releaseRoom();
        // The database is away or refused: the chunks stay, more of them go to disk, and storing a chunk twice changes
        // nothing. The worker's heartbeat is what reports the outage.
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
        if (pending.length > 0 || !spill.isEmpty()) schedule(0);
      });
    }, delayMs);
  };

  /** Puts a chunk where it belongs; false when it has to wait, so that none overtakes another. */
  const place = async (chunk: StoredChunk): Promise<boolean> => {
    const goesToDisk = !spill.isEmpty() || (isAway && isFull());
    if (!goesToDisk && isFull() && !finished) return false;
    if (goesToDisk && !finished) {
      if (!spill.hasRoomFor(chunk)) return false;
      try {
        await spill.append(chunk);
        return true;
      } catch (error) {
        if (!diskRefused) log.warn({ err: error, runId: lease.runId }, "output could not be put on disk while the database is away; the script waits");
        diskRefused = true;
        return false;
      }
    }
    pending.push(chunk);
    pendingBytes += chunk.bytes.byteLength;
    return true;
  };

  return {
    write: async ({ seq, stream, atMs, bytes, droppedBytes = null }) => {
      const chunk = { seq, stream, at: new Date(startedAt() + atMs), bytes, droppedBytes };
      while (!(await place(chunk))) {
        schedule(FLUSH_MS);
        await new Promise<void>((resolve) => room.push(resolve));
      }
      schedule(FLUSH_MS);
    },
    spilled: () => (spill.isEmpty() ? null : spill.path),
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
      await spill.seal();
      return pending;
    },
    discard: spill.remove,
  };
}
