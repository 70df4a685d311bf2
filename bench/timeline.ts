import { log } from "#server/log.ts";
import { submitRun } from "#server/runs/submit-run.ts";
import type { Executor } from "#worker/executor/types.ts";

import { createEngine } from "./engine.ts";
import { createGround } from "./ground.ts";
import { FIRST_INSTRUCTION } from "./lines/01-pickup.ts";
import { median, quantile } from "./statistics.ts";

// `npm run bench:timeline`: where each millisecond of a queued run goes, from its submit until its end is committed. Every step is the
// product's own; submit and worker share this process. For ARCHITECTURE.md.

const ROUNDS = 100;
const WARM_UP = 10;
const IDLE_MS = 100;

const STEPS = [
  ["committed", "submit: checked, row and job written, committed"],
  ["woken", "notify: the worker hears of it"],
  ["lease", "the worker asks for it"],
  ["leased", "lease: delivery taken, run and attempt written, committed"],
  ["execute", "handed to the executor"],
  ["first instruction", "a parked sandbox gets its limits and its program, and execs"],
  ["first byte", "the first output is read"],
  ["executed", "the script ends, all of it is gone, its counters are read"],
  ["free", "settle: output, then attempt and run written, committed: the slot is free"],
] as const;
type Step = (typeof STEPS)[number][0];

// What each run says would drown the table.
log.level = "warn";
const ground = createGround();
const now = () => performance.timeOrigin + performance.now();
let seen = new Map<Step, number>();
const note = (step: Step, at = now()) => {
  if (!seen.has(step)) seen.set(step, at);
};

const executor = await ground.executor();
const watched: Executor = {
  ...executor,
  execute: async (spec, handlers) => {
    note("execute");
    let printed = "";
    const result = await executor.execute(spec, {
      ...handlers,
      onOutput: (chunk) => {
        note("first byte");
        printed += chunk.bytes.toString();
        return handlers.onOutput?.(chunk);
      },
    });
    note("executed");
    note("first instruction", Number(printed.trim()) * 1_000);
    return result;
  },
};
let ended: () => void = () => undefined;
const engine = await createEngine({ database: await ground.database("timeline"), executor: watched, slots: 1, onEnded: () => ended(), onStep: note });
const steps = new Map<Step, number[]>(STEPS.map(([step]) => [step, []]));
const totals: number[] = [];
try {
  engine.start();
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    seen = new Map();
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const began = now();
    await submitRun(engine.ctx, { ...FIRST_INSTRUCTION, name: "timeline", lane: "batch" });
    note("committed");
    await end;
    if (round < 0) continue;
    // The worker hears of a commit before the submitter's own promise resolves: each counts from the latest before it.
    let before = began;
    for (const [step] of STEPS) {
      const at = Math.max(before, seen.get(step) ?? before);
      steps.get(step)?.push(at - before);
      before = at;
    }
    totals.push(before - began);
  }
} finally {
  await engine.stop();
  await ground.close();
}
console.log("| step | p50 | p95 |\n| --- | ---: | ---: |");
for (const [step, title] of STEPS) {
  const times = steps.get(step) ?? [];
  console.log(`| ${title} | ${median(times).toFixed(1)} ms | ${quantile(times, 0.95).toFixed(1)} ms |`);
}
console.log(`| all of it | ${median(totals).toFixed(1)} ms | ${quantile(totals, 0.95).toFixed(1)} ms |`);
