import { randomBytes } from "node:crypto";

/** The numbers that fit between the moment and the random part of an id (RFC 9562, 6.2, method 1). */
const COUNTED = 4096;

/** Ids of runs, attempts or jobs that are made at one moment, rising in their order: lists are in the order of ids. */
export function newIds(count: number, nowMs: number): string[] {
  // At once: the generator's start costs more than its bytes.
  const bytes = randomBytes(8 * count);
  return Array.from({ length: count }, (_, index) => {
    const moment = (nowMs + Math.floor(index / COUNTED)).toString(16).padStart(12, "0");
    const counted = (index % COUNTED).toString(16).padStart(3, "0");
    const random = bytes.subarray(8 * index, 8 * (index + 1));
    random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
    const rest = random.toString("hex");
    return `${moment.slice(0, 8)}-${moment.slice(8)}-7${counted}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  });
}
