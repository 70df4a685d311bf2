import type { ServiceContext } from "#server/context.ts";
import { submitRun } from "#server/runs/submit-run.ts";
import { waitForRun } from "#server/runs/wait-for-run.ts";

import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line, Verdict } from "../line.ts";
import { EMPTY_SCRIPTS } from "../spawned.ts";
import { median } from "../statistics.ts";
import { IDLE_MS } from "./01-pickup.ts";

const ROUNDS = 40;
/** More than the bare command by so much at most. */
const MORE_MS = 14;
const MOST = { python: 1.6, node: 1.3 };

const WAIT_MS = 30_000;

/** By the database's own clock: from the submit's transaction to the end's. Nobody follows it meanwhile; what that costs is in line 3. */
export async function submitToEnd(ctx: ServiceContext, language: string, source: string): Promise<number> {
  const { run } = await submitRun(ctx, { language, source, name: "bench", lane: "batch" });
  const ended = await waitForRun(ctx, { id: run.id, waitMs: WAIT_MS, isNew: true });
  if (ended?.status !== "succeeded" || ended.finishedAt === null) throw new Error(`A script that does nothing is ${ended?.status ?? "still open"}.`);
  return Date.parse(ended.finishedAt) - Date.parse(ended.createdAt);
}

export const submitToEndLine: Line = {
  number: 2,
  title: "submit → end of a script that does nothing, full sandbox",
  peer: "the same command spawned bare",
  measure: async (ground) => {
    const ctx = await (await ground.corral()).services();
    const verdicts: Verdict[] = [];
    for (const [language, { source, bare }] of Object.entries(EMPTY_SCRIPTS)) {
      const times = await timeInTurns({ bare, corral: () => submitToEnd(ctx, language, source) }, { rounds: ROUNDS, idleMs: IDLE_MS });
      const said = { corral: inMs(times.corral), beside: inMs(times.bare) };
      verdicts.push({ what: language, ...said, value: median(times.corral) - median(times.bare), unit: "ms", reach: { most: MORE_MS } });
      if (language === "bash") continue;
      const most = MOST[language as keyof typeof MOST];
      verdicts.push({ what: language, ...said, value: median(times.corral) / median(times.bare), unit: "×", reach: { most } });
    }
    return verdicts;
  },
};
