import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { createExecutor } from "#worker/executor/executor.ts";

// `npm run bench`: what Corral costs beside its peers, each measured in the same run, one after the other in turns, so that
// a busy moment of the machine falls on all of them. Only the ratios travel to another machine.

const ROUNDS = 60;
const WARM_UP = 5;
const MIB = 1024 ** 2;

type Contestant = { title: string; run: () => Promise<void> };

async function spawned(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}.`);
}

const directory = mkdtempSync(join(tmpdir(), "corral-bench-"));
const executor = await createExecutor({ directory, instance: `bench-${process.pid}`, allowUnenforced: false, maxConcurrent: 4 });
const limits = { timeoutMs: 30_000, memoryBytes: 256 * MIB, cpuMillis: 2000, pidsMax: 64, outputMaxBytes: MIB, diskMaxBytes: 16 * MIB };
let attempts = 0;

async function sandboxed(language: string, source: string) {
  attempts += 1;
  const result = await executor.execute(
    {
      id: `bench-${attempts}`,
      runId: "bench",
      attempt: 1,
      language,
      source,
      args: [],
      env: {},
      stdin: null,
      limits,
      network: false,
      gracePeriodMs: 0,
      onOutputLimit: "truncate",
    },
    {},
  );
  if (result.outcome !== "succeeded") throw new Error(result.message);
}

const PLAIN_BUBBLEWRAP = ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-all", "--die-with-parent", "--"];

const trueInBash: Contestant[] = [
  { title: "plain spawn", run: () => spawned("bash", ["-c", "true"]) },
  { title: "plain bubblewrap", run: () => spawned("bwrap", [...PLAIN_BUBBLEWRAP, "bash", "-c", "true"]) },
  { title: "Corral's executor", run: () => sandboxed("bash", "true") },
];

/** What is timed in turns; `idleMs` of nothing go before each; the last contestant is held against `beside` and is to reach `most` times it. */
type Group = { title: string; idleMs: number; contestants: Contestant[]; reach?: { beside: string; most: number } };

const groups: Group[] = [
  { title: "start of `true` in bash, back to back", idleMs: 0, contestants: trueInBash, reach: { beside: "plain bubblewrap", most: 1.3 } },
  { title: "start of `true` in bash, after 60 ms idle", idleMs: 60, contestants: trueInBash, reach: { beside: "plain bubblewrap", most: 1 } },
  {
    title: "start of an empty script in python, back to back",
    idleMs: 0,
    contestants: [
      { title: "plain spawn", run: () => spawned("/usr/bin/python3", ["-c", ""]) },
      { title: "Corral's executor", run: () => sandboxed("python", "pass") },
    ],
  },
];

const quantile = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function timesOf({ idleMs, contestants }: Group): Promise<Map<string, number[]>> {
  const times = new Map(contestants.map(({ title }) => [title, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const { title, run } of contestants) {
      if (idleMs > 0) await delay(idleMs);
      const began = performance.now();
      await run();
      if (round >= 0) times.get(title)?.push(performance.now() - began);
    }
  }
  for (const list of times.values()) list.sort((a, b) => a - b);
  return times;
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node.js ${process.version}, ${executor.capabilities.driver}, ${ROUNDS} rounds in turns\n`,
);
let fellShort = false;
for (const group of groups) {
  const times = await timesOf(group);
  const median = (title: string) => quantile(times.get(title) ?? [], 0.5);
  console.log(group.title);
  const first = group.contestants[0]?.title ?? "";
  for (const [title, sorted] of times) {
    const [p50, p95] = [quantile(sorted, 0.5), quantile(sorted, 0.95)];
    console.log(`  ${title.padEnd(20)} p50 ${p50.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms   ${(p50 / median(first)).toFixed(2)} ×`);
  }
  if (group.reach === undefined) continue;
  const { beside, most } = group.reach;
  const ratio = median(group.contestants.at(-1)?.title ?? "") / median(beside);
  fellShort ||= ratio > most;
  console.log(`  ${ratio <= most ? "reached" : "FELL SHORT"}: ${ratio.toFixed(2)} × ${beside}, to reach ≤ ${most} ×`);
}
await executor.close();
rmSync(directory, { recursive: true });
process.exit(fellShort ? 1 : 0);
