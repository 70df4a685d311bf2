import type { Readable } from "node:stream";

import type { OutputChunk, OutputStream } from "./types.ts";

/** A chunk carries at most so much. */
const CHUNK_MAX_BYTES = 64 * 1024;
/** Output is gathered so long before it is handed on, milliseconds. */
const GATHER_MS = 25;
/** Handed on but not yet taken: beyond it the script's pipes are left alone until the taker caught up. */
const PENDING_MAX_BYTES = 1024 * 1024;
/** Of the limit, what the start of the output gets; the rest is kept for its end. */
const HEAD_SHARE = 0.75;

export type CaptureOptions = {
  maxBytes: number;
  now: () => number;
  onChunk: (chunk: OutputChunk) => Promise<void> | void;
  /** Called once, when the limit is passed. */
  onLimit: () => void;
};

export type Capture = {
  read: (stream: Readable, name: OutputStream) => void;
  /** Resolves when both streams have ended, or at the latest after `guardMs`, and everything was taken. */
  finish: (guardMs: number) => Promise<void>;
  totals: () => { stdoutBytes: number; stderrBytes: number; keptBytes: number; droppedBytes: number };
};

type StreamState = { stream: Readable; /** The start of a character whose rest is still to come. */ partial: Buffer; ended: Promise<void> };

type Piece = { stream: OutputStream; atMs: number; bytes: Buffer };

/**
 * Turns two byte streams into one gapless sequence of chunks. Past its share the head ends, the newest bytes are kept in
 * a ring and appended at the end behind one marker that says how much is missing.
 */
export function captureOutput({ maxBytes, now, onChunk, onLimit }: CaptureOptions): Capture {
  const headMax = Math.max(1, Math.floor(maxBytes * HEAD_SHARE));
  const tailMax = maxBytes - headMax;
  const total = { stdout: 0, stderr: 0 };
  const streams = new Map<OutputStream, StreamState>();
  let seq = 0;
  let headBytes = 0;
  let tail: Piece[] = [];
  let tailBytes = 0;
  let droppedBytes = 0;
  let limitTold = false;
  let gathered: Piece | null = null;
  let timer: NodeJS.Timeout | null = null;
  let pendingBytes = 0;
  let taking = Promise.resolve();

  const hand = (chunk: OutputChunk) => {
    pendingBytes += chunk.bytes.byteLength;
    if (pendingBytes > PENDING_MAX_BYTES) for (const { stream } of streams.values()) stream.pause();
    taking = taking
      .then(() => onChunk(chunk))
      .finally(() => {
        pendingBytes -= chunk.bytes.byteLength;
        if (pendingBytes <= PENDING_MAX_BYTES) for (const { stream } of streams.values()) stream.resume();
      });
  };

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (gathered === null) return;
    seq += 1;
    hand({ seq, ...gathered });
    gathered = null;
  };

  const keepHead = (piece: Piece) => {
    if (gathered !== null && (gathered.stream !== piece.stream || gathered.bytes.byteLength + piece.bytes.byteLength > CHUNK_MAX_BYTES)) flush();
    gathered = gathered === null ? piece : { ...gathered, bytes: Buffer.concat([gathered.bytes, piece.bytes]) };
    if (gathered.bytes.byteLength >= CHUNK_MAX_BYTES) flush();
    else timer ??= setTimeout(flush, GATHER_MS);
  };

  const keepTail = (piece: Piece) => {
    // A copy, or the ring would hold on to the whole read it is a part of.
    tail.push({ ...piece, bytes: Buffer.from(piece.bytes) });
    tailBytes += piece.bytes.byteLength;
    while (tailBytes > tailMax) {
      const [oldest] = tail;
      if (oldest === undefined) break;
      const excess = Math.min(tailBytes - tailMax, oldest.bytes.byteLength);
      // From the next character on; its first bytes go with what is dropped.
      const cut = characterStart(oldest.bytes, excess);
      droppedBytes += cut;
      tailBytes -= cut;
      if (cut >= oldest.bytes.byteLength) tail.shift();
      else tail[0] = { ...oldest, bytes: oldest.bytes.subarray(cut) };
    }
  };

  const keep = (stream: OutputStream, bytes: Buffer) => {
    total[stream] += bytes.byteLength;
    const atMs = now();
    let rest = bytes;
    if (headBytes < headMax && tail.length === 0 && droppedBytes === 0) {
      const room = headMax - headBytes;
      const end = rest.byteLength <= room ? rest.byteLength : characterEnd(rest, room);
      for (let start = 0; start < end; ) {
        const stop = end - start <= CHUNK_MAX_BYTES ? end : characterEnd(rest, start + CHUNK_MAX_BYTES);
        keepHead({ stream, atMs, bytes: rest.subarray(start, stop) });
        start = stop;
      }
      headBytes += end;
      if (rest.byteLength > end) headBytes = headMax;
      rest = rest.subarray(end);
    }
    if (rest.byteLength > 0) keepTail({ stream, atMs, bytes: rest });
    if (droppedBytes > 0 && !limitTold) {
      limitTold = true;
      onLimit();
    }
  };

  const endTail = () => {
    flush();
    if (droppedBytes > 0) {
      seq += 1;
      const stream = tail[0]?.stream ?? "stdout";
      hand({ seq, stream, atMs: now(), bytes: Buffer.from(`\n[… ${droppedBytes} bytes dropped at the output limit …]\n`), droppedBytes });
    }
    for (const piece of tail) {
      for (let start = 0; start < piece.bytes.byteLength; ) {
        const stop = piece.bytes.byteLength - start <= CHUNK_MAX_BYTES ? piece.bytes.byteLength : characterEnd(piece.bytes, start + CHUNK_MAX_BYTES);
        keepHead({ ...piece, bytes: piece.bytes.subarray(start, stop) });
        start = stop;
      }
    }
    flush();
    tail = [];
  };

  return {
    read: (stream, name) => {
      const state: StreamState = { stream, partial: Buffer.alloc(0), ended: Promise.resolve() };
      state.ended = new Promise<void>((resolve) => {
        stream.once("close", resolve);
        stream.once("end", resolve);
        stream.once("error", () => resolve());
      });
      streams.set(name, state);
      stream.on("data", (data: Buffer) => {
        // A character that is cut in two waits for its rest.
        const bytes = state.partial.byteLength === 0 ? data : Buffer.concat([state.partial, data]);
        const whole = completeLength(bytes);
        state.partial = bytes.subarray(whole);
        if (whole > 0) keep(name, bytes.subarray(0, whole));
      });
    },
    finish: async (guardMs) => {
      let guard: NodeJS.Timeout | undefined;
      const timeUp = new Promise<void>((resolve) => {
        guard = setTimeout(resolve, guardMs);
      });
      await Promise.race([Promise.all([...streams.values()].map((state) => state.ended)), timeUp]);
      clearTimeout(guard);
      for (const [name, state] of streams) {
        state.stream.destroy();
        if (state.partial.byteLength > 0) keep(name, state.partial);
      }
      endTail();
      await taking;
    },
    totals: () => ({
      stdoutBytes: total.stdout,
      stderrBytes: total.stderr,
      keptBytes: total.stdout + total.stderr - droppedBytes,
      droppedBytes,
    }),
  };
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first position at or after `index` that is not inside a UTF-8 character; at most three bytes on. */
function characterStart(bytes: Buffer, index: number): number {
  let start = index;
  while (start < bytes.byteLength && start < index + 3 && isContinuation(bytes[start])) start += 1;
  return start;
}

/** The last position at or before `index` that is not inside a UTF-8 character; bytes that are none are cut anywhere. */
function characterEnd(bytes: Buffer, index: number): number {
  let end = index;
  while (end > 0 && index - end < 3 && isContinuation(bytes[end])) end -= 1;
  return isContinuation(bytes[end]) ? index : end;
}

/** How many bytes at the start are whole characters: all but a character at the very end whose rest is still to come. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.byteLength); back += 1) {
    const byte = bytes[bytes.byteLength - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte > 0xf4 || needed <= back ? bytes.byteLength : bytes.byteLength - back;
  }
  return bytes.byteLength;
}
