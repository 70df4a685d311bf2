import type { LogLine } from "#server/contracts/lines.ts";

/** A line with the last chunk that is known to be in it. */
export type HeldLine = { line: LogLine; through: number };

const BLOCK_ROWS = 128;
/** Some 50,000 lines: what a reader goes back and forth in. */
const BLOCKS_MAX = 400;

/** The rows of a log that are in this tab; any may be missing, and those not looked at for longest go first. */
export type LineCache = {
  get: (row: number) => HeldLine | undefined;
  set: (row: number, held: HeldLine) => void;
  delete: (row: number) => void;
  /** The first and the last missing row of a stretch; null when all are there. Counts as a look at it. */
  missing: (first: number, last: number) => { first: number; last: number } | null;
};

/** Makes an empty one. Rows count from 1. */
export function createLineCache(): LineCache {
  const blocks = new Map<number, (HeldLine | undefined)[]>();
  const blockOf = (row: number) => Math.floor((row - 1) / BLOCK_ROWS);
  const placeOf = (row: number) => (row - 1) % BLOCK_ROWS;

  const touch = (number: number) => {
    const block = blocks.get(number);
    if (block === undefined) return;
    // A Map keeps the order of insertion: what was touched last is at its end.
    blocks.delete(number);
    blocks.set(number, block);
  };

  return {
    get: (row) => blocks.get(blockOf(row))?.[placeOf(row)],
    set: (row, held) => {
      const number = blockOf(row);
      let block = blocks.get(number);
      if (block === undefined) {
        block = [];
        blocks.set(number, block);
        const [oldest] = blocks.keys();
        if (blocks.size > BLOCKS_MAX && oldest !== undefined) blocks.delete(oldest);
      }
      block[placeOf(row)] = held;
    },
    delete: (row) => {
      const block = blocks.get(blockOf(row));
      if (block !== undefined) block[placeOf(row)] = undefined;
    },
    missing: (first, last) => {
      let [from, to] = [0, 0];
      for (let row = first; row <= last; row += 1) {
        const block = blocks.get(blockOf(row));
        if (block?.[placeOf(row)] !== undefined) continue;
        from ||= row;
        to = row;
      }
      for (let block = blockOf(first); block <= blockOf(last); block += 1) touch(block);
      return from === 0 ? null : { first: from, last: to };
    },
  };
}
