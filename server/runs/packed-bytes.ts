import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Bytes as a row of `output_chunk` keeps them. */
export type PackedBytes = {
  bytes: Uint8Array;
  /** How many they are once unpacked; null where they are as they were. */
  unpackedSize: number | null;
};

/** What is shorter stays in its row, where packing saves next to nothing. */
const WORTH_PACKING_BYTES = 2048;
/** Packed to more than this part, bytes are stored as they are: who packed already is not packed again for a tenth. */
const WORTH_KEEPING = 0.9;
/** The quickest level but the negative ones: logs become a tenth to a twentieth, at 300 MB a second. */
const QUICKLY = { [constants.ZSTD_c_compressionLevel]: 1 };

/** The SQL of a chunk's size, which PostgreSQL knows without reading the bytes. */
export const UNPACKED_SIZE = "coalesce(unpacked_size, octet_length(bytes))";

/** Packs a chunk, with zstd, where that saves. */
export function pack(bytes: Buffer): { bytes: Buffer; unpackedSize: number | null } {
  if (bytes.byteLength < WORTH_PACKING_BYTES) return { bytes, unpackedSize: null };
  // `chunkSize` is what zlib makes room for at a time: in one step it is twice as quick.
  const packed = zstdCompressSync(bytes, { params: QUICKLY, chunkSize: bytes.byteLength });
  return packed.byteLength > bytes.byteLength * WORTH_KEEPING ? { bytes, unpackedSize: null } : { bytes: packed, unpackedSize: bytes.byteLength };
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a chunk: chunks end between characters, so each is decoded by itself. What is not UTF-8 becomes U+FFFD. @throws when it is damaged */
export const unpackText = (chunk: PackedBytes): string => UTF8.decode(unpack(chunk));

/** The bytes of a chunk as they were printed. @throws when they are damaged */
export function unpack({ bytes, unpackedSize }: PackedBytes): Uint8Array {
  return unpackedSize === null ? bytes : zstdDecompressSync(bytes, { maxOutputLength: unpackedSize, chunkSize: unpackedSize });
}
