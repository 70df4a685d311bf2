import type { OutputStream } from "./types.ts";
import { characterStart, characterStartOf } from "./utf8.ts";

/** A stretch of one stream. */
export type Piece = { stream: OutputStream; atMs: number; bytes: Buffer };

/** Small writes of one stream are joined up to so much: a script that prints byte by byte would make millions of pieces. */
const JOIN_MAX_BYTES = 4096;
/** Room that taken pieces leave at the front is given back at this length; removing each at once would move all others. */
const COMPACT_LENGTH = 1024;

/** The newest bytes over both streams. */
export type OutputTail = {
  /** Adds a copy and returns how many of the oldest bytes had to go. */
  add: (piece: Piece) => number;
  /** Hands out everything, oldest first; nothing is added any more. */
  take: () => Piece[];
};

type Stretch = { stream: OutputStream; atMs: number; length: number };

/** Keeps at most `maxBytes`, cut at characters, in a ring that is made once: of a flood every byte passes through here. */
export function createOutputTail(maxBytes: number): OutputTail {
  let ring: Buffer | null = null;
  let start = 0;
  let bytesKept = 0;
  let stretches: Stretch[] = [];
  let first = 0;

  const byteAt = (offset: number) => ring?.[(start + offset) % maxBytes];

  const dropOldest = (excess: number): number => {
    const oldest = stretches[first];
    if (oldest === undefined) return 0;
    // From the next character on; its first bytes go with what is dropped.
    const cut = characterStartOf(byteAt, oldest.length, Math.min(excess, oldest.length));
    start = (start + cut) % maxBytes;
    bytesKept -= cut;
    oldest.length -= cut;
    if (oldest.length === 0) first += 1;
    if (first >= COMPACT_LENGTH) {
      stretches = stretches.slice(first);
      first = 0;
    }
    return cut;
  };

  const copyIn = (bytes: Buffer) => {
    // Its pages are the system's until something is written to them.
    ring ??= Buffer.allocUnsafeSlow(maxBytes);
    const end = (start + bytesKept) % maxBytes;
    const fitting = bytes.copy(ring, end);
    bytes.copy(ring, 0, fitting);
    bytesKept += bytes.byteLength;
  };

  const note = ({ stream, atMs, bytes: { byteLength: length } }: Piece) => {
    const newest = first < stretches.length ? stretches.at(-1) : undefined;
    if (newest?.stream === stream && newest.length + length <= JOIN_MAX_BYTES) newest.length += length;
    else stretches.push({ stream, atMs, length });
  };

  return {
    add: ({ stream, atMs, bytes }) => {
      // Of more than there is room for, the end alone, and nothing of what came before.
      const skipped = bytes.byteLength > maxBytes ? characterStart(bytes, bytes.byteLength - maxBytes) : 0;
      const kept = bytes.subarray(skipped);
      const most = skipped > 0 ? 0 : maxBytes - kept.byteLength;
      let dropped = skipped;
      while (bytesKept > most) dropped += dropOldest(bytesKept - most);
      if (kept.byteLength > 0) {
        note({ stream, atMs, bytes: kept });
        copyIn(kept);
      }
      return dropped;
    },
    take: () =>
      stretches.slice(first).map(({ stream, atMs, length }) => {
        const end = start + length;
        const bytes =
          ring === null ? Buffer.alloc(0) : Buffer.concat([ring.subarray(start, Math.min(end, maxBytes)), ring.subarray(0, Math.max(0, end - maxBytes))]);
        start = end % maxBytes;
        return { stream, atMs, bytes };
      }),
  };
}
