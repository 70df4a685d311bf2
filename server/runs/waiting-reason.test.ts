import { expect, test } from "vitest";

import type { FleetWorker } from "../workers/read-fleet.ts";
import { NOTHING } from "../workers/room.ts";
import { waitingReason } from "./waiting-reason.ts";

const GIB = 1024 ** 3;
const NOW = new Date("2026-01-01T00:00:00Z");
const limits = { timeoutMs: 1000, memoryBytes: 2 * GIB, cpuMillis: 1000, pidsMax: 10, outputMaxBytes: 1000, diskMaxBytes: 1000 };
const queued = { status: "queued", lane: "batch", language: "ruby", limits, tags: [] as string[], nextAttemptAt: null } as const;
const worker: FleetWorker = {
  languages: ["bash", "ruby"],
  tags: [],
  taggedOnly: false,
  slots: { batch: 2, interactive: 1 },
  busy: { batch: 0, interactive: 1 },
  capacity: { memoryBytes: 8 * GIB, cpuMillis: 8000 },
  held: { batch: NOTHING, interactive: NOTHING },
};
const reason = (
  fleet: FleetWorker[] | null,
  run: Partial<Omit<typeof queued, "status" | "nextAttemptAt">> & { status?: "queued" | "retrying"; nextAttemptAt?: Date } = {},
) => waitingReason({ ...queued, ...run }, fleet === null ? null : { workers: fleet, paused: [] }, NOW);

test("the first reason that holds is the one that is told", () => {
  expect(reason([])).toBe("No worker takes runs. Start one, or look at Workers.");
  expect(reason([{ ...worker, languages: ["python", "bash"] }])).toBe(
    "No worker offers ruby; they offer bash, python. Install its interpreter on a worker's host and restart that worker.",
  );
  expect(
    reason([
      { ...worker, capacity: { memoryBytes: GIB, cpuMillis: 8000 } },
      { ...worker, languages: ["bash"] },
    ]),
  ).toBe("Its memory limit of 2 GiB is more than any worker has for runs; the largest has 1 GiB.");
  expect(reason([{ ...worker, busy: { batch: 2, interactive: 0 } }])).toBe("Waits for a free slot: all 2 batch slots are taken.");
  expect(reason([{ ...worker, held: { batch: { memoryBytes: 7 * GIB, cpuMillis: 1000 }, interactive: NOTHING } }])).toBe(
    "Waits for 2 GiB of memory: runs hold the rest, and 1 GiB of a worker's is free.",
  );
  expect(reason([worker])).toBe("Is next: waits for its turn.");
});

test("a lane's slots are its own, and another worker's do as well", () => {
  const interactive = { ...worker, slots: { batch: 2, interactive: 1 } };
  expect(waitingReason({ ...queued, lane: "interactive" }, { workers: [interactive], paused: [] }, NOW)).toBe(
    "Waits for a free slot: the one interactive slot is taken.",
  );
  expect(reason([{ ...worker, busy: { batch: 2, interactive: 0 } }, worker])).toBe("Is next: waits for its turn.");
});

test("a retry waits for its time, then like any other; who does not wait has no reason", () => {
  expect(reason([worker], { status: "retrying", nextAttemptAt: new Date(NOW.getTime() + 1) })).toBe("Waits for its next attempt.");
  expect(reason([], { status: "retrying", nextAttemptAt: NOW })).toMatch(/^No worker/);
  expect(waitingReason({ ...queued, status: "running" }, { workers: [], paused: [] }, NOW)).toBeNull();
  expect(reason(null)).toBe("Waits for a worker.");
});

test("what a worker would not admit is not said to be next", () => {
  const room = "Waits for room: the memory and CPU limits of what runs add up to all that a worker gives batch runs.";
  const holding = (memoryGib: number, cpuMillis: number) => ({ ...worker, held: { batch: { memoryBytes: memoryGib * GIB, cpuMillis }, interactive: NOTHING } });
  // Batch runs may hold three quarters of each.
  expect(reason([holding(5, 1000)])).toBe(room);
  expect(reason([holding(1, 5500)])).toBe(room);
  expect(reason([holding(4, 5000)])).toBe("Is next: waits for its turn.");
  expect(waitingReason({ ...queued, lane: "interactive" }, { workers: [{ ...holding(5, 1000), busy: { batch: 1, interactive: 0 } }], paused: [] }, NOW)).toBe(
    "Is next: waits for its turn.",
  );
});

test("a paused lane and tags that nobody has are told before what a worker lacks", () => {
  expect(waitingReason(queued, { workers: [worker], paused: ["batch"] }, NOW)).toBe(
    "The batch lane is paused; it gives out runs again when somebody resumes it.",
  );
  expect(waitingReason(queued, { workers: [worker], paused: ["interactive"] }, NOW)).toBe("Is next: waits for its turn.");
  expect(reason([worker], { tags: ["nightly", "worker:gpu"] })).toBe("No worker has the tag gpu. Start one with CORRAL_WORKER_TAGS=gpu.");
  expect(reason([{ ...worker, tags: ["gpu"] }], { tags: ["worker:gpu"] })).toBe("Is next: waits for its turn.");
  expect(reason([{ ...worker, tags: ["gpu"], taggedOnly: true }])).toBe("Every worker takes only runs that ask for its tags; this one asks for none.");
});
