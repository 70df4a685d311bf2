import { readFileSync } from "node:fs";

// Loaded into a worker by `--import`: on SIGUSR2 it does to the process from inside what can't be done from outside.
// The file named by CHAOS_ORDERS says what: `clock MS` shifts the wall clock, `block MS` keeps the event loop busy,
// `allocate BYTES` takes so much memory.

const TrueDate = Date;
let shiftMs = 0;

class ShiftedDate extends TrueDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(TrueDate.now() + shiftMs);
    else super(...(given as [number]));
  }

  static override now() {
    return TrueDate.now() + shiftMs;
  }
}

const kept: Buffer[] = [];

const ORDERS: Record<string, (amount: number) => void> = {
  clock: (ms) => {
    shiftMs = ms;
    globalThis.Date = ShiftedDate as DateConstructor;
  },
  block: (ms) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  },
  allocate: (bytes) => {
    for (let taken = 0; taken < bytes; taken += 1024 ** 2) kept.push(Buffer.alloc(1024 ** 2, 1));
  },
};

process.on("SIGUSR2", () => {
  const [order = "", amount] = readFileSync(process.env["CHAOS_ORDERS"] ?? "", "utf8").split(" ");
  ORDERS[order]?.(Number(amount));
});
