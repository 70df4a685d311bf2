import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

import type { Line } from "../line.ts";

const SETTLE_MS = 20_000;
const IDLE_MS = 60_000;
const CORE_PERCENT = 1;
const RESIDENT_MIB = 350;
/** Linux counts processor time in hundredths of a second for whoever asks. */
const TICKS_A_SECOND = 100;

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

const residentMiB = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

export const idleLine: Line = {
  number: 12,
  title: "idle for 60 s after the start, the web process and the worker together",
  peer: "–",
  measure: async (ground) => {
    const { webPids, workerPids } = await ground.freshCorral();
    const pids = [...webPids(), ...workerPids()];
    await delay(SETTLE_MS);
    const sum = (of: (pid: number) => number) => pids.reduce((total, pid) => total + of(pid), 0);
    const before = sum(cpuSeconds);
    await delay(IDLE_MS);
    const percent = ((sum(cpuSeconds) - before) / (IDLE_MS / 1000)) * 100;
    const resident = sum(residentMiB);
    const said = { corral: `${pids.length} processes`, beside: "–" };
    return [
      { what: "of a core", ...said, value: percent, unit: "%", reach: { most: CORE_PERCENT } },
      { what: "resident", ...said, value: resident, unit: "MiB", reach: { most: RESIDENT_MIB } },
    ];
  },
};
