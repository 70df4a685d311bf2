import type { Transaction } from "../db/client.ts";
import type { Run } from "../db/generated/client.ts";

/** A run's row, held against every other writer until `tx` ends, and the database's time, which rules; null when there is none. */
export async function lockRun(tx: Transaction, id: string): Promise<(Run & { now: Date }) | null> {
  const [locked] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now FROM run WHERE id = ${id}::uuid FOR UPDATE`;
  if (locked === undefined) return null;
  return { ...(await tx.run.findUniqueOrThrow({ where: { id } })), now: locked.now };
}
