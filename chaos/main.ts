import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { prepareCode } from "../scripts/start/prepare.ts";
import { FAULTS } from "./faults/all.ts";
import type { RoundResult } from "./round.ts";
import type { Order } from "./run-rounds.ts";

// `npm run chaos`: breaks a whole Corral, each fault at random moments, and checks after each that nothing was lost and nothing
// happened twice. `--fault NAME` (again for more) chooses, `--seeds N` says how often (20), `--seed N` repeats one, `--jobs N`
// runs so many rigs at once, `--table FILE` writes the result for ARCHITECTURE.md.

const { values } = parseArgs({
  options: {
    fault: { type: "string", multiple: true },
    seeds: { type: "string", default: "20" },
    seed: { type: "string" },
    jobs: { type: "string", default: "2" },
    table: { type: "string" },
  },
});

const chosen = FAULTS.filter(({ name, number }) => values.fault?.some((wanted) => wanted === name || wanted === String(number)) ?? true);
if (chosen.length === 0) throw new Error(`There is no such fault. Choose of: ${FAULTS.map(({ name }) => name).join(", ")}`);
if (process.getuid?.() !== 0) throw new Error("Network namespaces and mounts need root: run it as root, on a machine of your own.");
const seeds = values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_seed, index) => index + 1) : [Number(values.seed)];
const waiting: Order[] = seeds.flatMap((seed) => chosen.map(({ name }) => ({ fault: name, seed })));
const total = waiting.length;
const results: RoundResult[] = [];
const began = performance.now();

function tell({ fault, seed, violations, tookMs, measures, words }: RoundResult) {
  const figures = Object.entries(measures).map(([name, value]) => `${name} ${value}`);
  console.log(
    `${violations.length === 0 ? "✓" : "✗"} ${fault}, seed ${seed} (${(tookMs / 1000).toFixed(1)} s; ${figures.join(", ")})  ${results.length}/${total}`,
  );
  for (const violation of violations) console.log(`    ${violation}`);
  if (words === null) return;
  const file = join(tmpdir(), `corral-chaos-${fault}-${seed}.log`);
  writeFileSync(file, words);
  console.log(`    what its processes said: ${file}; again: npm run chaos -- --fault ${fault} --seed ${seed}`);
}

async function runJob(index: number): Promise<void> {
  const child = fork(join(import.meta.dirname, "run-rounds.ts"), [String(index)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Its mounts end with it, however it ends.
    execPath: "unshare",
    execArgv: ["--mount", "--propagation", "private", process.execPath],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let current: Order | undefined;
  const next = () => {
    current = waiting.shift();
    if (current === undefined) child.disconnect();
    else child.send(current);
  };
  child.on("message", (result: RoundResult) => {
    results.push(result);
    current = undefined;
    tell(result);
    next();
  });
  next();
  await ended;
  // The rig itself broke: its round counts as failed, and another goes on with the rest.
  if (current === undefined) return;
  results.push({ ...current, violations: ["the rig broke"], measures: {}, tookMs: 0, words: null });
  console.log(`✗ ${current.fault}, seed ${current.seed}: the rig broke`);
  if (waiting.length > 0) await runJob(index);
}

function worst(of: RoundResult[]): string {
  const names = new Set(of.flatMap(({ measures }) => Object.keys(measures)));
  names.delete("settledMs");
  return [...names].map((name) => `${name} ≤ ${Math.max(...of.map(({ measures }) => measures[name] ?? 0))}`).join(", ");
}

function table(): string {
  const rows = chosen.map(({ number, name, title, shows }) => {
    const of = results.filter(({ fault }) => fault === name);
    const passed = of.filter(({ violations }) => violations.length === 0).length;
    return `| ${number} | ${title} | ${shows} | ${passed} of ${of.length} | ${worst(of)} |`;
  });
  return ["| # | fault | what has to hold | seeds passed | worst figure |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

await prepareCode({ build: true });
await Promise.all(Array.from({ length: Math.min(Number(values.jobs), total) }, (_job, index) => runJob(index)));
if (values.table !== undefined) writeFileSync(values.table, `${table()}\n`);
const failed = results.filter(({ violations }) => violations.length > 0);
console.log(`\n${Math.round((performance.now() - began) / 1000)} s`);
for (const { fault, seed } of failed) console.log(`✗ ${fault}, seed ${seed}`);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 && results.length === total ? 0 : 1);
