import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

import type { ExecutionOutcome, Executor } from "../types.ts";
import { bash } from "./case.ts";
import type { ProcedureCase } from "./case.ts";
import { nothingLeft, processesThat } from "./left.ts";
import { specOf } from "./spec.ts";
import type { PartialSpec } from "./spec.ts";

/** Resolves with the cgroup's processes once a script has said something. */
function started(executor: Executor, spec: PartialSpec, signal?: AbortSignal) {
  let say: () => void = () => undefined;
  const said = new Promise<void>((resolve) => (say = resolve));
  const lines: string[] = [];
  const result = executor.execute(specOf(spec), {
    ...(signal === undefined ? {} : { signal }),
    onOutput: ({ bytes }) => {
      lines.push(bytes.toString());
      say();
    },
  });
  return { said, result, lines };
}

/** A run kills whatever it may; its neighbour, under another uid where the worker can give one, does not notice. */
async function siblings(executor: Executor): Promise<void> {
  const victim = started(executor, bash("echo up; sleep 1; echo survived"));
  await victim.said;
  const villain = await executor.execute(specOf(bash("kill -9 -1; exit 0")), {});
  assert.equal(villain.outcome, "succeeded", villain.message);
  assert.equal((await victim.result).outcome, "succeeded");
  assert.equal(victim.lines.join(""), "up\nsurvived\n");
}

/** Cancelled at every moment of its start; always cancelled, never left behind. */
async function cancelWhileStarting(executor: Executor): Promise<void> {
  for (let waitMs = 0; waitMs <= 24; waitMs += 3) {
    const cancel = new AbortController();
    const attempt = executor.execute(specOf({ ...bash("trap '' TERM; sleep 30"), gracePeriodMs: 50 }), { signal: cancel.signal });
    await delay(waitMs);
    cancel.abort();
    const result = await attempt;
    assert.equal(result.outcome, "cancelled", result.message);
    assert.ok(result.usage.wallMs < 5_000);
    await nothingLeft(result.evidence.cgroup);
  }
}

/** Cancelled in the moment of its end: either really ended, or its own end as it was. */
async function cancelWhileEnding(executor: Executor): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const cancel = new AbortController();
    const { outcome, exitCode, signal } = await executor.execute(specOf(bash("echo; exit 7")), { signal: cancel.signal, onOutput: () => cancel.abort() });
    const isItsOwn = outcome === "exit_nonzero" && exitCode === 7 && signal === null;
    assert.ok(outcome === "cancelled" || isItsOwn, `${outcome} ${exitCode} ${signal}`);
  }
}

const KINDS: [PartialSpec, ExecutionOutcome][] = [
  [bash("exit 0"), "succeeded"],
  [{ ...bash("exit 3"), stdin: "x".repeat(200_000) }, "exit_nonzero"],
  [{ ...bash("cat | wc -c"), stdin: "x".repeat(200_000) }, "succeeded"],
  [bash("setsid sleep 60 & echo out"), "succeeded"],
  [bash("kill -9 $$"), "signal"],
  [{ ...bash("sleep 60"), limits: { timeoutMs: 300 }, gracePeriodMs: 0 }, "timeout"],
  [{ ...bash("head -c 3000000 /dev/zero"), limits: { outputMaxBytes: 100_000 } }, "succeeded"],
  [{ ...bash("true"), language: "cobol" }, "spawn_error"],
];

/** A smaller relative of the three hundred that are run where a machine has the time. */
async function mixed(executor: Executor): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < 40) {
      const [spec, expected] = KINDS[next++ % KINDS.length] ?? [bash("true"), "succeeded"];
      const result = await executor.execute(specOf(spec), {});
      assert.equal(result.outcome, expected, result.message);
      await nothingLeft(result.evidence.cgroup);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

/** Each attempt at a time has a uid that is nobody else's. */
async function uids(executor: Executor): Promise<void> {
  const cancel = new AbortController();
  const seconds = `3600.${process.pid}`;
  const both = [1, 2].map(() => started(executor, { ...bash(`sleep ${seconds} & echo up; wait`), gracePeriodMs: 0 }, cancel.signal));
  await Promise.all(both.map(({ said }) => said));
  const ownerOf = (pid: number) => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  const sleepers = () => processesThat((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8") === `sleep\0${seconds}\0`);
  // What a shell starts in the background may still be that shell when it goes on.
  for (let waitedMs = 0; sleepers().length < both.length && waitedMs < 5_000; waitedMs += 20) await delay(20);
  const owners = sleepers().map(ownerOf);
  cancel.abort();
  await Promise.all(both.map(({ result }) => result));
  assert.equal(owners.length, 2);
  assert.equal(new Set(owners).size, 2, `they share ${owners.join(", ")}`);
  assert.ok(
    owners.every((uid) => uid >= 0x7000_0000),
    `not the scripts' own: ${owners.join(", ")}`,
  );
}

const SHARED_UID = "a worker that is not root has one uid to give";

/** Several scripts at once, and scripts ended from outside. */
export const togetherCases: ProcedureCase[] = [
  { number: 31, title: "kill(-1) does not reach a sibling", run: ({ executor }) => siblings(executor) },
  {
    number: 3101,
    title: "siblings have uids of their own",
    notOn: { "v1 delegated": SHARED_UID, "v2 delegated": SHARED_UID },
    run: ({ executor }) => uids(executor),
  },
  { number: 4201, title: "cancel in the moment of its end", run: ({ executor }) => cancelWhileEnding(executor) },
  { number: 43, title: "cancel at any moment of its start", run: ({ executor }) => cancelWhileStarting(executor) },
  { number: 44, title: "mixed runs in every slot leave nothing", run: ({ executor }) => mixed(executor) },
];
