import { setTimeout as delay } from "node:timers/promises";

import { checkHistory, isOpen, leftovers, readHistory, survivors } from "./check-history.ts";
import type { History } from "./check-history.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import type { Rig } from "./rig/rig.ts";
import type { Witness } from "./witness.ts";
import { prepare, submit } from "./workload.ts";
import type { KindName, Submission, SubmitOptions } from "./workload.ts";

/** One fault with one seed. */
export type Round = {
  rig: Rig;
  witness: Witness;
  random: Random;
  tag: string;
  submissions: Submission[];
  /** Submits a run and resolves with its id once it is acknowledged. */
  submit: (kind: KindName, options?: SubmitOptions) => Promise<string>;
  /** Waits for a random moment, milliseconds. */
  pause: (from: number, to: number) => Promise<void>;
  /** Resolves when the run's attempt is seen to live. @throws after half a minute */
  lives: (id: string, attempt?: number) => Promise<void>;
  /** Resolves when it holds. @throws after so long, saying what was waited for */
  until: (what: string, holds: () => Promise<boolean> | boolean, patienceMs?: number) => Promise<void>;
  violation: (text: string) => void;
  /** A figure for the table: the worst over all seeds is told. */
  measure: (name: string, value: number) => void;
};

/** A thing that breaks, and what has to hold then. */
export type Fault = {
  number: number;
  name: string;
  /** As the table says it. */
  title: string;
  /** What has to hold beyond what always has to. */
  shows: string;
  /** What runs meanwhile. */
  workload?: KindName[];
  /** Breaks it at a random moment, and mends it again unless the product has to. */
  inject: (round: Round) => Promise<void>;
  /** After everything has ended. */
  check?: (round: Round, history: History) => Promise<void> | void;
};

export type RoundResult = { fault: string; seed: number; violations: string[]; measures: Record<string, number>; tookMs: number; words: string | null };

const STANDARD: KindName[] = ["ok", "ok", "python", "long", "lines", "fails", "failsSoftly", "timeout"];
const SUBMIT_WITHIN_MS = 1_500;
/** After healing no attempt may be running for longer; none of these scripts takes so long. */
const RUNNING_MS = 30_000;
/** So long nothing may happen while runs are open: how many scripts a machine gets done in a time is not what is looked at here. */
const STILL_MS = 40_000;
/** Whatever goes on for so long will not end. */
const SETTLED_MS = 240_000;
const GONE_MS = 2_000;
/** A worker that was taken for lost tidies up when it has started again, which takes it long where many rigs share the cores. */
const TIDY_MS = 30_000;

/** Runs one fault with one seed and says what did not hold. */
export async function runRound(rig: Rig, witness: Witness, fault: Fault, seed: number): Promise<RoundResult> {
  const began = performance.now();
  const random = createRandom(`${fault.name} ${seed}`);
  const violations: string[] = [];
  const measures: Record<string, number> = {};
  const round = createRound(rig, witness, random, `chaos:${fault.number}:${seed}:${Math.round(began)}`, violations, measures);
  try {
    await rig.settle();
    witness.forget();
    await Promise.all([submitAll(round, fault.workload ?? STANDARD), fault.inject(round)]);
    await rig.settle();
    const history = await untilEnded(round);
    violations.push(...(await checkHistory(rig, witness, round.submissions, history)));
    await fault.check?.(round, history);
    await untilGone(round);
  } catch (error) {
    violations.push(`the round broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const words = violations.length === 0 ? null : rig.words();
  return { fault: fault.name, seed, violations, measures, tookMs: performance.now() - began, words };
}

function createRound(rig: Rig, witness: Witness, random: Random, tag: string, violations: string[], measures: Record<string, number>): Round {
  const submissions: Submission[] = [];
  const until: Round["until"] = async (what, holds, patienceMs = 30_000) => {
    for (const deadline = performance.now() + patienceMs; !(await holds()); await delay(10)) {
      if (performance.now() > deadline) throw new Error(`Waited ${patienceMs} ms in vain until ${what}.`);
    }
  };
  return {
    rig,
    witness,
    random,
    tag,
    submissions,
    submit: (kind, options) => {
      // A stream of its own: which submit draws first is not the seed's to say.
      const submission = prepare(kind, tag, createRandom(`${tag} ${kind} ${submissions.length}`), options);
      submissions.push(submission);
      return submit(rig.api, submission);
    },
    pause: (from, to) => delay(random.between(from, to)),
    lives: (id, attempt) =>
      until(`attempt ${attempt ?? "1"} of run ${id} lives`, () =>
        witness.alive(new Set([id])).some((seen) => attempt === undefined || seen.attempt === attempt),
      ),
    until,
    violation: (text) => violations.push(text),
    measure: (name, value) => (measures[name] = Math.max(measures[name] ?? 0, value)),
  };
}

async function submitAll(round: Round, kinds: KindName[]) {
  const moments = kinds.map(() => round.random.between(0, SUBMIT_WITHIN_MS));
  await Promise.all(
    kinds.map(async (kind, index) => {
      await delay(moments[index]);
      await round.submit(kind);
    }),
  );
}

async function untilEnded({ rig, tag, violation, measure }: Round): Promise<History> {
  const healed = performance.now();
  let moved = { at: healed, attempts: -1 };
  for (;;) {
    const history = await readHistory(rig, tag);
    const open = history.runs.filter(isOpen);
    const now = performance.now();
    const after = now - healed;
    const ended = history.attempts.filter(({ status }) => status === "finished").length;
    if (ended > moved.attempts) moved = { at: now, attempts: ended };
    if (open.length === 0 || now - moved.at > STILL_MS || after > SETTLED_MS) {
      measure("settledMs", Math.round(after));
      return history;
    }
    const stuck = history.attempts.filter(({ status, started_at }) => status === "running" && Date.now() - started_at.getTime() > RUNNING_MS);
    if (after > RUNNING_MS && stuck.length > 0) {
      for (const { run_id, number } of stuck) violation(`run ${run_id}: attempt ${number} is still running ${Math.round(after)} ms after healing`);
      return history;
    }
    await delay(100);
  }
}

async function untilGone({ rig, witness, submissions, violation }: Round) {
  const ids = new Set(submissions.map(({ id }) => id).filter((id) => id !== null));
  const none = async (patienceMs: number, find: () => string[]) => {
    for (const deadline = performance.now() + patienceMs; ; await delay(50)) {
      const left = find();
      if (left.length === 0) return;
      if (performance.now() > deadline) return left.forEach(violation);
    }
  };
  await none(GONE_MS, () => survivors(witness, ids));
  await none(TIDY_MS, () => leftovers(rig, ids));
}
