import type { Transaction } from "../db/client.ts";
import type { BulkOperation } from "../db/generated/client.ts";

/** An operation's row, held against every other writer until `tx` ends, and the database's time; null when there is none. */
export async function lockBulkOperation(tx: Transaction, id: string): Promise<(BulkOperation & { now: Date }) | null> {
  const [locked] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now FROM bulk_operation WHERE id = ${id}::uuid FOR UPDATE`;
  if (locked === undefined) return null;
  return { ...(await tx.bulkOperation.findUniqueOrThrow({ where: { id } })), now: locked.now };
}
