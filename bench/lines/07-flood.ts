import { setTimeout as delay } from "node:timers/promises";

import type { Executor } from "#worker/executor/types.ts";

import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { executeAlone } from "../scripts.ts";
import { spawned } from "../spawned.ts";
import { median } from "../statistics.ts";

const MIB = 1024 ** 2;
const FLOOD_BYTES = 1024 * MIB;
const CAP_BYTES = 10 * MIB;
const ROUNDS = 3;
const SAMPLE_MS = 20;
const LEAST = 0.5;
const GROWTH_MIB = 16;
const FLOOD = `yes 'a line of a script that prints much too much' | head -c ${FLOOD_BYTES}`;

const LIMITS = { timeoutMs: 300_000, memoryBytes: 512 * MIB, cpuMillis: 4_000, pidsMax: 64, outputMaxBytes: CAP_BYTES, diskMaxBytes: 64 * MIB };

/** What this process, in which the executor runs, holds more of while it does something; bytes. What is kept of the output is not counted. */
async function growthDuring(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  let over = false;
  const watching = (async () => {
    while (!over) {
      most = Math.max(most, process.memoryUsage.rss());
      await delay(SAMPLE_MS);
    }
  })();
  await work();
  over = true;
  await watching;
  return most - before;
}

const flood = (executor: Executor) => executeAlone(executor, { language: "bash", source: FLOOD, limits: LIMITS }, () => undefined);

export const floodLine: Line = {
  number: 7,
  title: `a flood of ${FLOOD_BYTES / MIB} MiB at a cap of ${CAP_BYTES / MIB} MiB`,
  peer: "the shell writing to a reader that discards",
  measure: async (ground) => {
    const executor = await ground.executor();
    const growths: number[] = [];
    const times = await timeInTurns(
      {
        bare: () => spawned("/bin/bash", ["-c", `${FLOOD} | cat > /dev/null`]),
        corral: async () => {
          const began = performance.now();
          growths.push(await growthDuring(() => flood(executor)));
          return performance.now() - began;
        },
      },
      { rounds: ROUNDS, warmUp: 1 },
    );
    // The first made what every later one uses again.
    const growth = Math.max(...growths.slice(1)) / MIB;
    return [
      {
        what: "bytes a second",
        corral: inMs(times.corral),
        beside: inMs(times.bare),
        value: median(times.bare) / median(times.corral),
        unit: "×",
        reach: { least: LEAST },
      },
      { what: "the worker's memory grows by", corral: `${ROUNDS} floods`, beside: "–", value: growth, unit: "MiB", reach: { most: GROWTH_MIB } },
    ];
  },
};
