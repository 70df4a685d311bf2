import type { OutputStream } from "./types.ts";
import { characterStart } from "./utf8.ts";

/** A stretch of one stream. */
export type Piece = { stream: OutputStream; atMs: number; bytes: Buffer };

/** Small writes of one stream are joined up to so much: a script that prints byte by byte would make millions of pieces. */
const JOIN_MAX_BYTES = 4096;
/** Room that taken pieces leave at the front is given back at this length; removing each at once would move all others. */
const COMPACT_LENGTH = 1024;

/** The newest bytes over both streams. */
export type OutputTail = {
  /** Adds and returns how many of the oldest bytes had to go. */
  add: (piece: Piece) => number;
  isEmpty: () => boolean;
  /** Hands out everything, oldest first, and is empty then. */
  take: () => Piece[];
};

/** Keeps at most `maxBytes`, cut at characters. */
export function createOutputTail(maxBytes: number): OutputTail {
  let pieces: Piece[] = [];
  let first = 0;
  let bytesKept = 0;

  const dropOldest = (): number => {
    const oldest = pieces[first];
    if (oldest === undefined) return 0;
    const length = oldest.bytes.byteLength;
    // From the next character on; its first bytes go with what is dropped.
    const cut = characterStart(oldest.bytes, Math.min(bytesKept - maxBytes, length));
    bytesKept -= cut;
    if (cut < length) pieces[first] = { ...oldest, bytes: oldest.bytes.subarray(cut) };
    else first += 1;
    if (first >= COMPACT_LENGTH) {
      pieces = pieces.slice(first);
      first = 0;
    }
    return cut;
  };

  return {
    add: ({ stream, atMs, bytes }) => {
      const newest = first < pieces.length ? pieces.at(-1) : undefined;
      if (newest?.stream === stream && newest.bytes.byteLength + bytes.byteLength <= JOIN_MAX_BYTES) {
        pieces[pieces.length - 1] = { ...newest, bytes: Buffer.concat([newest.bytes, bytes]) };
      } else {
        // A copy, or the ring would hold on to the whole read it is a part of.
        pieces.push({ stream, atMs, bytes: Buffer.from(bytes) });
      }
      bytesKept += bytes.byteLength;
      let dropped = 0;
      while (bytesKept > maxBytes) dropped += dropOldest();
      return dropped;
    },
    isEmpty: () => bytesKept === 0,
    take: () => {
      const taken = pieces.slice(first);
      pieces = [];
      first = 0;
      bytesKept = 0;
      return taken;
    },
  };
}
