import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

import type { StoredChunk } from "#server/runs/append-output.ts";

/** A script that prints on while the database is away has to wait only beyond so much, bytes an attempt. */
const SPILL_MAX_BYTES = 64 * 1024 * 1024;

/** Output of one attempt on local disk, while the database is away: what came first is taken first. Nothing is made before it is needed. */
export type OutputSpill = {
  path: string;
  isEmpty: () => boolean;
  hasRoomFor: (chunk: StoredChunk) => boolean;
  /** In the order of the calls. @throws ENOSPC and the like; the chunk is not in it then */
  append: (chunk: StoredChunk) => Promise<void>;
  /** The oldest, of about so many bytes, at least one; they stay until they are dropped. */
  oldest: (bytes: number) => Promise<StoredChunk[]>;
  /** So many of the oldest are stored. */
  drop: (count: number) => Promise<void>;
  /** Nothing is changed any more: the file stays as it is, for the journal. */
  seal: () => Promise<void>;
  /** Removes the file, if it was ever made. */
  remove: () => Promise<void>;
};

type Header = { seq: number; stream: StoredChunk["stream"]; at: string; droppedBytes: number | null; bytes: number };

const HEADER_LENGTH_BYTES = 4;

/** A record: the length of its header, the header as JSON, the bytes. */
function encode({ seq, stream, at, droppedBytes, bytes }: StoredChunk): Buffer {
  const header: Header = { seq, stream, at: at.toISOString(), droppedBytes, bytes: bytes.byteLength };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeUInt32BE(text.byteLength);
  return Buffer.concat([length, text, bytes]);
}

/** The record at an offset and where the next begins; null where there is none, or none that is whole. */
async function readRecord(file: FileHandle, offset: number): Promise<{ chunk: StoredChunk; next: number } | null> {
  const piece = async (length: number, at: number) => {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
    return bytesRead === length ? buffer : null;
  };
  const length = (await piece(HEADER_LENGTH_BYTES, offset))?.readUInt32BE();
  if (length === undefined) return null;
  const text = await piece(length, offset + HEADER_LENGTH_BYTES);
  if (text === null) return null;
  const { bytes: size, at, ...header } = JSON.parse(text.toString()) as Header;
  const start = offset + HEADER_LENGTH_BYTES + length;
  const bytes = await piece(size, start);
  return bytes === null ? null : { chunk: { ...header, at: new Date(at), bytes }, next: start + size };
}

/** Makes one for a path; `maxBytes` is what it may hold. */
export function createOutputSpill(path: string, maxBytes = SPILL_MAX_BYTES): OutputSpill {
  let file: FileHandle | null = null;
  let sizes: number[] = [];
  let start = 0;
  let end = 0;
  let sealed = false;
  let made = false;
  let queued = { count: 0, bytes: 0 };
  // One thing after another: a record is never read before it is written, nor written over while it is read.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const acted = turn.then(act);
    turn = acted.catch(() => undefined);
    return acted;
  };

  return {
    path,
    isEmpty: () => sizes.length === 0 && queued.count === 0,
    hasRoomFor: ({ bytes }) => end + queued.bytes + bytes.byteLength <= maxBytes,
    append: (chunk) => {
      const record = encode(chunk);
      queued = { count: queued.count + 1, bytes: queued.bytes + record.byteLength };
      return inTurn(async () => {
        try {
          file ??= await open(path, "w+", 0o600);
          made = true;
          await file.write(record, 0, record.byteLength, end);
          end += record.byteLength;
          sizes.push(record.byteLength);
        } finally {
          queued = { count: queued.count - 1, bytes: queued.bytes - record.byteLength };
        }
      });
    },
    oldest: (bytes) =>
      inTurn(async () => {
        const chunks: StoredChunk[] = [];
        for (let at = start, read = 0; file !== null && read < bytes && at < end;) {
          const record = await readRecord(file, at);
          if (record === null) break;
          chunks.push(record.chunk);
          read += record.next - at;
          at = record.next;
        }
        return chunks;
      }),
    drop: (count) =>
      inTurn(async () => {
        start += sizes.slice(0, count).reduce((sum, size) => sum + size, 0);
        sizes = sizes.slice(count);
        if (sizes.length > 0 || sealed) return;
        start = 0;
        end = 0;
        await file?.truncate();
      }),
    seal: async () => {
      sealed = true;
      await inTurn(async () => {
        await file?.close();
        file = null;
      });
    },
    remove: async () => {
      if (made) await inTurn(() => rm(path, { force: true }));
    },
  };
}

/** Reads a spill that was left, batch by batch; its last record may have been cut off while it was written. */
export async function* readSpill(path: string, batchBytes: number): AsyncGenerator<StoredChunk[]> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    // All of it got through in the end.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  try {
    let batch: StoredChunk[] = [];
    let bytes = 0;
    for (let record = await readRecord(file, 0); record !== null; record = await readRecord(file, record.next)) {
      batch.push(record.chunk);
      bytes += record.chunk.bytes.byteLength;
      if (bytes < batchBytes) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
  } finally {
    await file.close();
  }
}
