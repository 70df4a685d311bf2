import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { EMPTY_SCRIPTS } from "../spawned.ts";
import { median, quantile } from "../statistics.ts";

const ROUNDS = 200;
/** A service has been running for a while when it is called: what V8 compiles by then is compiled. */
const WARM_UP = 300;
const MORE_MS = 16;
const TAIL = 3;

export const executeLine: Line = {
  number: 3,
  title: "POST /execute of `true` in bash, to its response",
  peer: "the same command spawned bare",
  measure: async (ground) => {
    const { executeTrue } = await ground.corral();
    const times = await timeInTurns({ bare: EMPTY_SCRIPTS.bash.bare, corral: executeTrue }, { rounds: ROUNDS, warmUp: WARM_UP });
    const said = { corral: inMs(times.corral), beside: inMs(times.bare) };
    const [p50, p99] = [median(times.corral), quantile(times.corral, 0.99)];
    return [
      { what: "p50", ...said, value: p50 - median(times.bare), unit: "ms", reach: { most: MORE_MS } },
      { what: "p99 beside p50", corral: `${p99.toFixed(1)} ms`, beside: `${p50.toFixed(1)} ms`, value: p99 / p50, unit: "×", reach: { most: TAIL } },
    ];
  },
};
