import { timeAtOnce } from "../at-once.ts";
import { httpPeers } from "../http-peers.ts";
import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line, Verdict } from "../line.ts";
import { median } from "../statistics.ts";

const ROUNDS = 50;
const AT_ONCE = 8;
const RUNS = 200;
const LEAST = 5;

const aSecond = async (run: () => Promise<void>) => (RUNS / (await timeAtOnce(run, { runs: RUNS, atOnce: AT_ONCE }))) * 1_000;

export const httpPeersLine: Line = {
  number: 15,
  title: "`true` over HTTP, submit → done",
  peer: "Cronicle and Piston, where the environment says where they are (bench/http-peers.ts)",
  measure: async (ground) => {
    const peers = httpPeers(process.env);
    if (peers.length === 0) return [];
    const { executeTrue: corral } = await ground.corral();
    const verdicts: Verdict[] = [];
    for (const { name, run } of peers) {
      const times = await timeInTurns({ peer: run, corral }, { rounds: ROUNDS });
      const [theirs, ours] = [await aSecond(run), await aSecond(corral)];
      verdicts.push(
        {
          what: `${name}, faster by`,
          corral: inMs(times.corral),
          beside: inMs(times.peer),
          value: median(times.peer) / median(times.corral),
          unit: "×",
          reach: { least: LEAST },
        },
        {
          what: `${name}, ${AT_ONCE} callers at once, runs a second`,
          corral: ours.toFixed(1),
          beside: theirs.toFixed(1),
          value: ours / theirs,
          unit: "×",
          reach: { least: LEAST },
        },
      );
    }
    return verdicts;
  },
};
