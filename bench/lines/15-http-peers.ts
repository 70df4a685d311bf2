import { httpPeers } from "../http-peers.ts";
import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line, Verdict } from "../line.ts";
import { median } from "../statistics.ts";

const ROUNDS = 50;
const AT_ONCE = 8;
const RUNS = 200;
const LEAST = 5;

async function aSecond(run: () => Promise<void>): Promise<number> {
  let left = RUNS;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await run();
      }
    }),
  );
  return (RUNS / (performance.now() - began)) * 1_000;
}

export const httpPeersLine: Line = {
  number: 15,
  title: "`true` over HTTP, submit → done",
  peer: "Cronicle and Piston, where the environment says where they are (bench/http-peers.ts)",
  measure: async (ground) => {
    const peers = httpPeers(process.env);
    if (peers.length === 0) return [];
    const { post } = await ground.corral();
    const corral = async () => {
      const { status } = (await (await post("/execute", { language: "bash", source: "true" }, { prefer: "wait=30" })).json()) as { status: string };
      if (status !== "succeeded") throw new Error(`A script that does nothing is ${status}.`);
    };
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
