import { FAULTS } from "./faults/all.ts";
import { buildRig } from "./rig/rig.ts";
import type { Rig } from "./rig/rig.ts";
import { runRound } from "./round.ts";
import { startWitness } from "./witness.ts";

// A process of `npm run chaos` with a rig of its own: takes rounds from its parent and answers each with its result.

export type Order = { fault: string; seed: number };

const index = Number(process.argv[2]);
const witness = startWitness();
let rig: Rig | null = null;
let working = Promise.resolve();

async function work({ fault: name, seed }: Order) {
  const fault = FAULTS.find((candidate) => candidate.name === name);
  if (fault === undefined) throw new Error(`There is no fault named ${name}.`);
  rig ??= await buildRig(index);
  const result = await runRound(rig, witness, fault, seed);
  process.send?.(result);
  // What a failed round left must not fail the next.
  if (result.violations.length > 0) await close();
}

async function close() {
  const closing = rig;
  rig = null;
  await closing?.close();
}

process.on("message", (order: Order) => {
  working = working.then(() => work(order));
});
process.once("disconnect", () => {
  working = working.then(async () => {
    await close();
    witness.stop();
  });
});
