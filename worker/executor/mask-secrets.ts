/** What stands in output where a secret was. */
const MASK = Buffer.from("••••");
/** Of a secret of several lines each line is one too, unless it is so short that it may stand anywhere. */
const LINE_MIN_BYTES = 8;

/** Replaces secrets in a stream of bytes, also where they are cut by the borders of what is read. */
export type SecretMask = {
  /** What may be handed on of these bytes and those before; the start of what may become a secret waits for its rest. */
  push: (bytes: Buffer) => Buffer;
  /** What waited, once nothing more comes. */
  end: () => Buffer;
};

type Range = { start: number; end: number };

/**
 * Makes the mask of one stream. Looks for the bytes of the values as they are: what a script encodes, reverses or takes apart is not found.
 * @param secrets not empty
 */
export function createSecretMask(secrets: readonly string[]): SecretMask {
  const needles = needlesOf(secrets);
  let carry: Buffer = Buffer.alloc(0);
  /** So many bytes at the start of the carry belong to a secret whose mask was handed on already. */
  let covered = 0;

  const take = (bytes: Buffer, isLast: boolean): Buffer => {
    const buffer = carry.byteLength === 0 ? bytes : Buffer.concat([carry, bytes]);
    const cut = isLast ? buffer.byteLength : buffer.byteLength - heldBytes(buffer, needles);
    const out: Buffer[] = [];
    let at = 0;
    let coveredNext = Math.max(0, covered - cut);
    for (const { start, end } of findRanges(buffer, needles, covered)) {
      if (start >= cut) break;
      out.push(buffer.subarray(at, start));
      if (start > 0 || covered === 0) out.push(MASK);
      at = Math.min(end, cut);
      coveredNext = Math.max(0, end - cut);
    }
    out.push(buffer.subarray(at, cut));
    // A copy, or the carry would hold on to the whole read it is a part of.
    carry = Buffer.from(buffer.subarray(cut));
    covered = coveredNext;
    return Buffer.concat(out);
  };

  return { push: (bytes) => take(bytes, false), end: () => take(Buffer.alloc(0), true) };
}

function needlesOf(secrets: readonly string[]): Buffer[] {
  const parts = secrets.flatMap((secret) => {
    const lines = secret.split(/\r?\n/).filter((line) => Buffer.byteLength(line) >= LINE_MIN_BYTES);
    return lines.length > 1 || secret.includes("\n") ? [secret, ...lines] : [secret];
  });
  return [...new Set(parts)].filter((part) => part !== "").map((part) => Buffer.from(part));
}

/** Where secrets stand, in order; those that overlap are one. The first `covered` bytes are known to be of one. */
function findRanges(buffer: Buffer, needles: readonly Buffer[], covered: number): Range[] {
  const found: Range[] = covered > 0 ? [{ start: 0, end: covered }] : [];
  for (const needle of needles) {
    for (let start = buffer.indexOf(needle); start >= 0; start = buffer.indexOf(needle, start + 1)) found.push({ start, end: start + needle.byteLength });
  }
  const ranges: Range[] = [];
  for (const range of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = ranges.at(-1);
    if (last !== undefined && range.start < last.end) last.end = Math.max(last.end, range.end);
    else ranges.push({ ...range });
  }
  return ranges;
}

/** How many bytes at the end may be the start of a secret. */
function heldBytes(buffer: Buffer, needles: readonly Buffer[]): number {
  let held = 0;
  for (const needle of needles) {
    const first = needle[0] ?? 0;
    const from = Math.max(0, buffer.byteLength - needle.byteLength + 1);
    for (let start = buffer.indexOf(first, from); start >= 0 && buffer.byteLength - start > held; start = buffer.indexOf(first, start + 1)) {
      const length = buffer.byteLength - start;
      if (buffer.compare(needle, 0, length, start) === 0) held = length;
    }
  }
  return held;
}
