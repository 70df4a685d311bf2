import type { Database } from "#server/db/client.ts";

import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line, Verdict } from "../line.ts";
import { EMPTY_SCRIPTS } from "../spawned.ts";
import { median, quantile } from "../statistics.ts";
import { fill } from "../ten-million/fill.ts";
import { IDLE_MS, pickup } from "./01-pickup.ts";
import { submitToEnd } from "./02-submit-to-end.ts";
import { drainBacklog } from "./04-backlog.ts";

const RUNS = 10_000_000;
const PICKUPS = 200;
const ROUNDS = 20;
/** Backlogs in turns, so that both sides have the same machine: its own speed changes within minutes. */
const BACKLOGS = 6;
const BACKLOG = 100;
const MOST = 1.2;

/** Somebody's snapshot keeps PostgreSQL from tidying up what is updated and deleted meanwhile. */
async function holdTransaction({ pool }: Database): Promise<{ end: () => Promise<void> }> {
  const client = await pool.connect();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await client.query("SELECT count(*) FROM worker");
  return {
    end: async () => {
      await client.query("ROLLBACK");
      client.release();
    },
  };
}

export const besideTenMillionLine: Line = {
  number: 13,
  title: `lines 1, 2 and 4 beside ${RUNS.toLocaleString("en-US")} finished runs and a long transaction`,
  peer: "the same in empty tables",
  measure: async (ground) => {
    const filled = await ground.database("filled");
    await fill(filled.pool, RUNS);
    await ground.database("unfilled");
    const held = await holdTransaction(filled);
    const [full, empty] = [await ground.corralOn("filled"), await ground.corralOn("unfilled")];
    const [fullCtx, emptyCtx] = [await full.services(), await empty.services()];

    const pickups = await timeInTurns({ empty: () => pickup(emptyCtx), full: () => pickup(fullCtx) }, { rounds: PICKUPS, idleMs: IDLE_MS });
    const verdicts: Verdict[] = [0.5, 0.95].map((share) => {
      const [inFull, inEmpty] = [quantile(pickups.full, share), quantile(pickups.empty, share)];
      return {
        what: `1, p${share * 100}`,
        corral: `${inFull.toFixed(1)} ms`,
        beside: `${inEmpty.toFixed(1)} ms`,
        value: inFull / inEmpty,
        unit: "×",
        reach: { most: MOST },
      };
    });
    for (const [language, { source }] of Object.entries(EMPTY_SCRIPTS)) {
      const times = await timeInTurns(
        { empty: () => submitToEnd(emptyCtx, language, source), full: () => submitToEnd(fullCtx, language, source) },
        { rounds: ROUNDS, idleMs: IDLE_MS },
      );
      verdicts.push({
        what: `2, ${language}`,
        corral: inMs(times.full),
        beside: inMs(times.empty),
        value: median(times.full) / median(times.empty),
        unit: "×",
        reach: { most: MOST },
      });
      const script = { language, source };
      const drained = await timeInTurns(
        { empty: () => drainBacklog(emptyCtx, script, BACKLOG), full: () => drainBacklog(fullCtx, script, BACKLOG) },
        { rounds: BACKLOGS, warmUp: 1 },
      );
      const said = (ms: number) => `${((BACKLOG / ms) * 1_000).toFixed(1)} a second`;
      const [emptyMs, fullMs] = [median(drained.empty), median(drained.full)];
      verdicts.push({ what: `4, ${language}`, corral: said(fullMs), beside: said(emptyMs), value: fullMs / emptyMs, unit: "×", reach: { most: MOST } });
    }
    await held.end();
    return verdicts;
  },
};
