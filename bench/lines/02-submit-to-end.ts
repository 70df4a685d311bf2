import type { Corral } from "../start-corral.ts";
import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line, Verdict } from "../line.ts";
import { EMPTY_SCRIPTS } from "../spawned.ts";
import { median } from "../statistics.ts";

const ROUNDS = 40;
/** More than the bare command by so much at most. */
const MORE_MS = 14;
const MOST = { python: 1.6, node: 1.3 };

/** By the database's own clock: from the submit's transaction to the end's. */
export async function submitToEnd(corral: Corral, language: string, source: string): Promise<number> {
  const run = (await (await corral.post("/runs", { language, source, name: "bench" })).json()) as { id: string };
  // The stream ends with the run.
  await (await corral.get(`/runs/${run.id}/events`)).text();
  const { status, createdAt, finishedAt } = (await (await corral.get(`/runs/${run.id}`)).json()) as { status: string; createdAt: string; finishedAt: string };
  if (status !== "succeeded") throw new Error(`A script that does nothing is ${status}.`);
  return Date.parse(finishedAt) - Date.parse(createdAt);
}

export const submitToEndLine: Line = {
  number: 2,
  title: "submit → end of a script that does nothing, full sandbox",
  peer: "the same command spawned bare",
  measure: async (ground) => {
    const corral = await ground.corral();
    const verdicts: Verdict[] = [];
    for (const [language, { source, bare }] of Object.entries(EMPTY_SCRIPTS)) {
      const times = await timeInTurns({ bare, corral: () => submitToEnd(corral, language, source) }, { rounds: ROUNDS });
      const said = { corral: inMs(times.corral), beside: inMs(times.bare) };
      verdicts.push({ what: language, ...said, value: median(times.corral) - median(times.bare), unit: "ms", reach: { most: MORE_MS } });
      if (language === "bash") continue;
      const most = MOST[language as keyof typeof MOST];
      verdicts.push({ what: language, ...said, value: median(times.corral) / median(times.bare), unit: "×", reach: { most } });
    }
    return verdicts;
  },
};
