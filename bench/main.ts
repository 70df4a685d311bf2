import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

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
const executor = await createExecutor({ directory, instance: `bench-${process.pid}`, allowUnenforced: false, maxConcurrent: 2 });
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

const groups: { title: string; contestants: [peer: Contestant, ...Contestant[]] }[] = [
  {
    title: "start of `true` in bash",
    contestants: [
      { title: "plain spawn", run: () => spawned("bash", ["-c", "true"]) },
      { title: "plain bubblewrap", run: () => spawned("bwrap", [...PLAIN_BUBBLEWRAP, "bash", "-c", "true"]) },
      { title: "Corral's executor", run: () => sandboxed("bash", "true") },
    ],
  },
  {
    title: "start of an empty script in python",
    contestants: [
      { title: "plain spawn", run: () => spawned("/usr/bin/python3", ["-c", ""]) },
      { title: "Corral's executor", run: () => sandboxed("python", "pass") },
    ],
  },
];

const quantile = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node.js ${process.version}, ${executor.capabilities.driver}, ${ROUNDS} rounds in turns\n`,
);
for (const { title, contestants } of groups) {
  const times = contestants.map((): number[] => []);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const began = performance.now();
      await contestant.run();
      if (round >= 0) times[index]?.push(performance.now() - began);
    }
  }
  console.log(title);
  let beside = Number.NaN;
  for (const [index, contestant] of contestants.entries()) {
    const sorted = (times[index] ?? []).toSorted((a, b) => a - b);
    const median = quantile(sorted, 0.5);
    if (index === 0) beside = median;
    console.log(
      `  ${contestant.title.padEnd(20)} p50 ${median.toFixed(1).padStart(7)} ms   p95 ${quantile(sorted, 0.95).toFixed(1).padStart(7)} ms   ${(median / beside).toFixed(2)} ×`,
    );
  }
}
await executor.close();
rmSync(directory, { recursive: true });
