import { createSecretMask } from "./mask-secrets.ts";
import type { SecretMask } from "./mask-secrets.ts";
import { createOutputTail } from "./output-tail.ts";
import type { Piece } from "./output-tail.ts";
import type { ByteSource } from "./script-pipe.ts";
import type { OutputChunk, OutputStream } from "./types.ts";
import { characterEnd, completeLength, inPieces } from "./utf8.ts";

/** A chunk carries at most so much. */
const CHUNK_MAX_BYTES = 64 * 1024;
/** Output is gathered so long before it is handed on, milliseconds. */
const GATHER_MS = 25;
/** Handed on but not yet taken: beyond it the script's pipes are left alone until the taker caught up. */
const PENDING_MAX_BYTES = 1024 * 1024;
/** Of the limit, what the start of the output gets; the rest is kept for its end. */
const HEAD_SHARE = 0.75;
const NOTHING = Buffer.alloc(0);

export type CaptureOptions = {
  maxBytes: number;
  /** Masked before anything is counted, kept or dropped. */
  secrets?: readonly string[];
  /** Milliseconds since the script began. */
  now: () => number;
  onChunk: (chunk: OutputChunk) => Promise<void> | void;
  /** Called once, when the limit is passed. */
  onLimit: () => void;
  /** Called when the taker failed; it is given nothing more then. */
  onFailure: (error: unknown) => void;
};

export type Capture = {
  read: (source: ByteSource, name: OutputStream) => void;
  /**
   * After the script's end: reads what is still in its pipes, also past a taker that is slow, since that is little and
   * nothing can be added. Resolves when both streams have ended, or at the latest after `guardMs`.
   */
  drain: (guardMs: number) => Promise<void>;
  /** Resolves when the taker has taken everything. */
  delivered: () => Promise<void>;
  totals: () => { stdoutBytes: number; stderrBytes: number; keptBytes: number; droppedBytes: number };
};

type StreamState = {
  source: ByteSource;
  /** Null where nothing is secret: then nothing is looked for. */
  mask: SecretMask | null;
  /** The start of a character whose rest is still to come. */
  partial: Buffer;
};

/** A chunk that is being filled. */
type Gathered = { stream: OutputStream; atMs: number; length: number };

/**
 * Turns two byte streams into one gapless sequence of chunks. Past its share the head ends, the newest bytes are kept in
 * a ring and appended at the end behind one marker that says how much is missing.
 */
export function captureOutput({ maxBytes, secrets = [], now, onChunk, onLimit, onFailure }: CaptureOptions): Capture {
  const headMax = Math.max(1, Math.floor(maxBytes * HEAD_SHARE));
  const tail = createOutputTail(maxBytes - headMax);
  const total = { stdout: 0, stderr: 0 };
  const streams = new Map<OutputStream, StreamState>();
  let seq = 0;
  let headRoom = headMax;
  let droppedBytes = 0;
  let limitTold = false;
  let gathered: Gathered | null = null;
  let gathering: Buffer | null = null;
  let timer: NodeJS.Timeout | null = null;
  let pendingBytes = 0;
  let draining = false;
  let failed = false;
  let taking = Promise.resolve();

  const give = async (chunk: OutputChunk) => {
    try {
      if (!failed) await onChunk(chunk);
    } catch (error) {
      // A rejection that nobody waits for would end the worker, and all its other attempts with it.
      failed = true;
      onFailure(error);
    }
    pendingBytes -= chunk.bytes.byteLength;
    if (pendingBytes <= PENDING_MAX_BYTES) for (const { source } of streams.values()) source.resume();
  };

  const hand = (chunk: OutputChunk) => {
    pendingBytes += chunk.bytes.byteLength;
    if (pendingBytes > PENDING_MAX_BYTES && !draining) for (const { source } of streams.values()) source.pause();
    taking = taking.then(() => give(chunk));
  };

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (gathered === null || gathering === null) return;
    const { stream, atMs, length } = gathered;
    seq += 1;
    hand({ seq, stream, atMs, bytes: Buffer.from(gathering.subarray(0, length)) });
    gathered = null;
  };

  /** Copies a piece, which may be a part of what is read into next. */
  const gather = ({ stream, atMs, bytes }: Piece) => {
    if (gathered !== null && (gathered.stream !== stream || gathered.length + bytes.byteLength > CHUNK_MAX_BYTES)) flush();
    gathering ??= Buffer.allocUnsafeSlow(CHUNK_MAX_BYTES);
    gathered ??= { stream, atMs, length: 0 };
    gathered.length += bytes.copy(gathering, gathered.length);
    if (gathered.length >= CHUNK_MAX_BYTES) flush();
    else timer ??= setTimeout(flush, GATHER_MS);
  };

  const keep = (stream: OutputStream, bytes: Buffer) => {
    total[stream] += bytes.byteLength;
    const atMs = now();
    const end = bytes.byteLength <= headRoom ? bytes.byteLength : characterEnd(bytes, headRoom);
    for (const piece of inPieces(bytes.subarray(0, end), CHUNK_MAX_BYTES)) gather({ stream, atMs, bytes: piece });
    // What did not fit ends the head for good: later bytes must not overtake it.
    headRoom = end < bytes.byteLength ? 0 : headRoom - end;
    if (end < bytes.byteLength) droppedBytes += tail.add({ stream, atMs, bytes: bytes.subarray(end) });
    if (droppedBytes > 0 && !limitTold) {
      limitTold = true;
      onLimit();
    }
  };

  const receive = (name: OutputStream, state: StreamState, data: Buffer) => {
    // A character that is cut in two waits for its rest.
    const bytes = state.partial.byteLength === 0 ? data : Buffer.concat([state.partial, data]);
    const whole = completeLength(bytes);
    state.partial = whole < bytes.byteLength ? Buffer.from(bytes.subarray(whole)) : NOTHING;
    if (whole > 0) keep(name, bytes.subarray(0, whole));
  };

  const endTail = () => {
    flush();
    const pieces = tail.take();
    if (droppedBytes > 0) {
      seq += 1;
      const stream = pieces[0]?.stream ?? "stdout";
      hand({ seq, stream, atMs: now(), bytes: Buffer.from(`\n[… ${droppedBytes} bytes dropped at the output limit …]\n`), droppedBytes });
    }
    for (const piece of pieces) for (const bytes of inPieces(piece.bytes, CHUNK_MAX_BYTES)) gather({ ...piece, bytes });
    flush();
  };

  return {
    read: (source, name) => {
      const state: StreamState = { source, mask: secrets.length === 0 ? null : createSecretMask(secrets), partial: NOTHING };
      streams.set(name, state);
      source.start((data) => receive(name, state, state.mask === null ? data : state.mask.push(data)));
    },
    drain: async (guardMs) => {
      draining = true;
      for (const { source } of streams.values()) source.resume();
      let guard: NodeJS.Timeout | undefined;
      const timeUp = new Promise<void>((resolve) => {
        guard = setTimeout(resolve, guardMs);
      });
      await Promise.race([Promise.all([...streams.values()].map((state) => state.source.ended)), timeUp]);
      clearTimeout(guard);
      for (const [name, state] of streams) {
        state.source.destroy();
        if (state.mask !== null) receive(name, state, state.mask.end());
        if (state.partial.byteLength > 0) keep(name, state.partial);
      }
      endTail();
    },
    delivered: () => taking,
    totals: () => ({
      stdoutBytes: total.stdout,
      stderrBytes: total.stderr,
      keptBytes: total.stdout + total.stderr - droppedBytes,
      droppedBytes,
    }),
  };
}
