import type { Executor } from "#worker/executor/types.ts";

import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { EMPTY_SCRIPTS, spawned } from "../spawned.ts";
import { median } from "../statistics.ts";

const ROUNDS = 60;
const IDLE_MS = 60;
const MIB = 1024 ** 2;
const BACK_TO_BACK = 1.3;
const AFTER_IDLE = 1;

const PLAIN_BUBBLEWRAP = ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-all", "--die-with-parent", "--"];
const limits = { timeoutMs: 30_000, memoryBytes: 256 * MIB, cpuMillis: 2000, pidsMax: 64, outputMaxBytes: MIB, diskMaxBytes: 16 * MIB };

async function sandboxed(executor: Executor, attempt: number): Promise<void> {
  const { outcome, message } = await executor.execute(
    {
      id: `bench-${attempt}`,
      runId: "bench",
      attempt: 1,
      language: "bash",
      source: "true",
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
  if (outcome !== "succeeded") throw new Error(message);
}

export const sandboxedStartLine: Line = {
  number: 5,
  title: "sandboxed start of `true` in bash",
  peer: "plain bubblewrap, and a plain spawn",
  measure: async (ground) => {
    const executor = await ground.executor();
    let attempts = 0;
    const contestants = {
      spawn: EMPTY_SCRIPTS.bash.bare,
      bubblewrap: () => spawned("bwrap", [...PLAIN_BUBBLEWRAP, "bash", "-c", "true"]),
      corral: () => sandboxed(executor, (attempts += 1)),
    };
    const backToBack = await timeInTurns(contestants, { rounds: ROUNDS });
    const afterIdle = await timeInTurns(contestants, { rounds: ROUNDS, idleMs: IDLE_MS });
    const verdict = (what: string, times: typeof backToBack, most: number) => ({
      what,
      corral: inMs(times.corral),
      beside: `${inMs(times.bubblewrap)}, spawn ${inMs(times.spawn)}`,
      value: median(times.corral) / median(times.bubblewrap),
      unit: "×" as const,
      reach: { most },
    });
    return [verdict("back to back", backToBack, BACK_TO_BACK), verdict(`after ${IDLE_MS} ms of nothing`, afterIdle, AFTER_IDLE)];
  },
};
