import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { MIB, bash, python } from "../conformance/case.ts";
import { specOf } from "../conformance/spec.ts";
import type { PartialSpec } from "../conformance/spec.ts";
import { createExecutor } from "../executor.ts";
import type { ExecutionOutcome, Executor } from "../types.ts";

// Every slot but one is taken by scripts that use up one thing as fast as they can. The one that is left has to go on as if
// nobody was there: the worker stays responsive, and a small run takes at most twice its time. Floods of output are the one
// exception: the worker itself has to read and drop them, a gigabyte a second, and its turns grow longer for everybody.

const HOGS = 3;
const SAMPLES = 25;
const PAUSE_MS = 60;
/** Together they get three quarters of the host's cores, as admission would see to. */
const CPU_MILLIS = Math.floor((availableParallelism() * 750) / HOGS);

const KINDS: [name: string, spec: PartialSpec, outcomes: ExecutionOutcome[]][] = [
  ["memory", python("data = []\nwhile True: data.append(bytearray(b'x' * (1 << 20)))"), ["out_of_memory"]],
  ["mapped memory", python("import mmap\nm = mmap.mmap(-1, 1 << 30)\nfor i in range(0, 1 << 30, 4096): m[i] = 1"), ["out_of_memory"]],
  ["shared memory", bash("while :; do cat /dev/zero > /dev/shm/hog; rm /dev/shm/hog; done"), ["timeout", "out_of_memory"]],
  ["processes", bash("b() { b | b & }; b; sleep 60"), ["timeout"]],
  [
    "descriptors",
    python("import os, time\nopened = []\ntry:\n  while True: opened.append(os.dup(0))\nexcept OSError: pass\nwhile True: time.sleep(0.001)"),
    ["timeout"],
  ],
  ["CPU", bash("for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done; wait"), ["timeout"]],
  ["signals", bash("trap : USR1; (while kill -USR1 $$; do :; done) & while :; do :; done"), ["timeout"]],
  ["files", bash("while :; do for i in $(seq 200); do : >f$i; done; rm -f f*; head -c 8000000 /dev/zero >big; done"), ["timeout"]],
  ["output", bash("yes 'a line of no interest' | cat; exit 1"), ["timeout"]],
];

const directory = mkdtempSync(join(tmpdir(), "corral-hogs-"));
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ directory, instance: `hogs-${process.pid}`, allowUnenforced: false, maxConcurrent: HOGS + 1 });
});
afterAll(async () => {
  await executor.close();
  rmSync(directory, { recursive: true });
});

async function neighbour(): Promise<number[]> {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const began = performance.now();
    const { outcome, message } = await executor.execute(specOf(bash("true")), {});
    times.push(performance.now() - began);
    // As somebody's runs come, and not as fast as they can: that would be one more hog.
    await delay(PAUSE_MS);
    expect([outcome, message]).toEqual(["succeeded", message]);
  }
  return times;
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

test.each(KINDS)("hogs of %s in every slot but one", { timeout: 120_000, retry: 1 }, async (name, spec, outcomes) => {
  // In the one slot that it will have, too: the others are held by scripts that only wait.
  const waiting = new AbortController();
  const holders = Array.from({ length: HOGS }, () => executor.execute(specOf({ ...bash("sleep 600"), gracePeriodMs: 0 }), { signal: waiting.signal }));
  const idle = await neighbour();
  waiting.abort();
  await Promise.all(holders);

  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const stop = new AbortController();
  const limits = { cpuMillis: CPU_MILLIS, memoryBytes: 512 * MIB, pidsMax: 64, timeoutMs: 20_000, diskMaxBytes: 16 * MIB, outputMaxBytes: 256 * 1024 };
  const wrong: string[] = [];
  // A hog that is ended by its limit is followed by the next, so that the slots stay taken.
  const hog = async () => {
    do {
      const { outcome, message } = await executor.execute(specOf({ ...spec, limits, gracePeriodMs: 0 }), { signal: stop.signal });
      if (!stop.signal.aborted && !outcomes.includes(outcome)) wrong.push(`${outcome}: ${message}`);
    } while (!stop.signal.aborted);
  };
  const hogs = Array.from({ length: HOGS }, hog);
  const busy = await neighbour();
  stop.abort();
  await Promise.all(hogs);
  loop.disable();

  const ratio = median(busy) / median(idle);
  expect(wrong).toEqual([]);
  process.stdout.write(`hogs of ${name}: ${ratio.toFixed(2)} × (${median(idle).toFixed(1)} ms, then ${median(busy).toFixed(1)} ms)\n`);
  expect(ratio).toBeLessThanOrEqual(name === "output" ? 5 : 2);
  expect(loop.percentile(99) / 1e6).toBeLessThan(200);
});

test("a hog that is let run to its end is named rightly", { timeout: 60_000 }, async () => {
  const limits = { cpuMillis: CPU_MILLIS, memoryBytes: 64 * MIB, pidsMax: 64, timeoutMs: 2_000, diskMaxBytes: 16 * MIB, outputMaxBytes: 256 * 1024 };
  for (const [name, spec, outcomes] of KINDS) {
    const { outcome, message } = await executor.execute(specOf({ ...spec, limits, gracePeriodMs: 0 }), {});
    expect({ name, message, isRight: outcomes.includes(outcome) }).toEqual({ name, message, isRight: true });
  }
});
