import type { Db } from "./client.ts";

/** The database's time, which rules: hosts' clocks differ. */
export async function readClock(db: Db): Promise<Date> {
  const [clock] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (clock === undefined) throw new Error("The database told no time.");
  return clock.now;
}
