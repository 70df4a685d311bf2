import { setTimeout as delay } from "node:timers/promises";

import { median, quantile } from "./statistics.ts";

const WARM_UP = 5;

/** Something that is done once a round, and says how long it took if that is not the time until it is over, milliseconds. */
export type Contestant = () => Promise<number | void>;

/**
 * Times contestants one after the other, round by round, so that a busy moment of the machine falls on all of them.
 * Returns the times of each by its name, milliseconds.
 */
export async function timeInTurns<Name extends string>(
  contestants: Record<Name, Contestant>,
  { rounds, idleMs = 0, warmUp = WARM_UP }: { rounds: number; idleMs?: number; warmUp?: number },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contestants) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of names) {
      if (idleMs > 0) await delay(idleMs);
      const began = performance.now();
      const took = (await contestants[name]()) ?? performance.now() - began;
      if (round >= 0) times[name].push(took);
    }
  }
  return times;
}

/** `12.3 ms (11.8 to 14.9)`: the median, and between which quarters it lies. */
export const inMs = (times: readonly number[]) => `${median(times).toFixed(1)} ms (${quantile(times, 0.25).toFixed(1)} to ${quantile(times, 0.75).toFixed(1)})`;
