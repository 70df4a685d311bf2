const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first position at or after `index` that is not inside a UTF-8 character; at most three bytes on. */
export const characterStart = (bytes: Buffer, index: number): number => characterStartOf((at) => bytes[at], bytes.byteLength, index);

/** The same of bytes that do not lie in one piece. */
export function characterStartOf(byteAt: (position: number) => number | undefined, length: number, index: number): number {
  let start = index;
  while (start < length && start < index + 3 && isContinuation(byteAt(start))) start += 1;
  return start;
}

/** The last position at or before `index` that is not inside a UTF-8 character; bytes that are none are cut anywhere. */
export function characterEnd(bytes: Buffer, index: number): number {
  let end = index;
  while (end > 0 && index - end < 3 && isContinuation(bytes[end])) end -= 1;
  return isContinuation(bytes[end]) ? index : end;
}

/** How many bytes at the start are whole characters: all but a character at the very end whose rest is still to come. */
export function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.byteLength); back += 1) {
    const byte = bytes[bytes.byteLength - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte > 0xf4 || needed <= back ? bytes.byteLength : bytes.byteLength - back;
  }
  return bytes.byteLength;
}

/** Cuts bytes into pieces of at most `maxBytes`, none of them inside a character. */
export function* inPieces(bytes: Buffer, maxBytes: number): Generator<Buffer> {
  for (let start = 0; start < bytes.byteLength;) {
    const limit = start + maxBytes;
    const whole = limit >= bytes.byteLength ? bytes.byteLength : characterEnd(bytes, limit);
    // A limit of a few bytes can be smaller than the character; bytes go on all the same.
    const stop = whole > start ? whole : limit;
    yield bytes.subarray(start, stop);
    start = stop;
  }
}
