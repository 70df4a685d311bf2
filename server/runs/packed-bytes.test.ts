import { randomBytes } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { pack, unpack } from "./packed-bytes.ts";

const KIB = 1024;

test("whatever is packed comes out as it was", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (piece, times) => {
      const bytes = Buffer.concat(Array.from({ length: times }, () => piece));
      expect(Buffer.from(unpack(pack(bytes))).equals(bytes)).toBe(true);
    }),
  );
});

test("a log becomes a fraction; what is short, or can't be packed, is stored as it is", () => {
  const log = Buffer.from(Array.from({ length: 1_000 }, (_, line) => `row ${line} was written to the ledger\n`).join(""));
  const { bytes, unpackedSize } = pack(log);
  expect(unpackedSize).toBe(log.byteLength);
  expect(bytes.byteLength).toBeLessThan(log.byteLength / 4);
  for (const asItIs of [log.subarray(0, KIB), randomBytes(64 * KIB)]) expect(pack(asItIs)).toEqual({ bytes: asItIs, unpackedSize: null });
});

test("damaged bytes are refused", () => {
  const { bytes, unpackedSize } = pack(Buffer.alloc(64 * KIB, "x"));
  expect(() => unpack({ bytes: bytes.subarray(0, -1), unpackedSize })).toThrow("unexpected end of file");
  expect(() => unpack({ bytes, unpackedSize: KIB })).toThrow("larger than");
});
