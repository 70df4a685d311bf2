import { expect, test } from "vitest";

import { capacityOf, isLate } from "./worker-look.ts";

const worker = (status: "active" | "draining" | "lost" | "stopped", busy = 1) => ({
  status,
  slots: { batch: 4, interactive: 2 },
  busy: { batch: busy, interactive: 0 },
});

test("only live workers count", () => {
  expect(capacityOf([worker("active", 3), worker("draining"), worker("lost"), worker("stopped")])).toEqual({
    workers: 2,
    batch: { busy: 4, slots: 8 },
    interactive: { busy: 0, slots: 4 },
  });
});

test("only a live worker's heartbeat can be late", () => {
  expect(isLate(worker("active"), 2_000)).toBe(false);
  expect(isLate(worker("active"), 11_000)).toBe(true);
  expect(isLate(worker("lost"), 600_000)).toBe(false);
});
