import type { Db } from "../db/client.ts";
import type { BulkOperation } from "../db/generated/client.ts";

/** How the runs that went first fare. */
export type CanaryCounts = { sent: number; succeeded: number; failed: number };

export type CanaryVerdict = "send" | "wait" | "passed" | "failed";

/** What is to be done about an operation's canaries; decided as soon as those that are still open can't change it. Pure. */
export function judgeCanary(
  { count, passPercent }: { count: number; passPercent: number },
  { sent, succeeded, failed }: CanaryCounts,
  isThereMore: boolean,
): CanaryVerdict {
  if (sent < count && isThereMore) return "send";
  const needed = Math.ceil((sent * passPercent) / 100);
  if (succeeded >= needed) return "passed";
  return failed > sent - needed ? "failed" : "wait";
}

/** Counts the canaries of an operation by where their runs stand now. */
export async function countCanaries(db: Db, operationId: string): Promise<CanaryCounts> {
  const [counts] = await db.$queryRaw<CanaryCounts[]>`
    SELECT count(*)::int AS sent,
      count(*) FILTER (WHERE run.status = 'succeeded')::int AS succeeded,
      count(*) FILTER (WHERE run.status IN ('dead', 'failed', 'cancelled', 'discarded'))::int AS failed
    FROM bulk_item JOIN run ON run.id = bulk_item.run_id
    WHERE bulk_item.operation_id = ${operationId}::uuid AND bulk_item.canary AND bulk_item.result = 'succeeded'`;
  return counts ?? { sent: 0, succeeded: 0, failed: 0 };
}

/** An operation's canary as the contract shows it; null when it has none. */
export async function canaryOf(db: Db, { id, canaryCount, canaryPassPercent, canaryJudgedAt }: BulkOperation) {
  if (canaryCount === null || canaryPassPercent === null) return null;
  const { succeeded, failed } = await countCanaries(db, id);
  const state = canaryJudgedAt === null ? ("waiting" as const) : ("judged" as const);
  return { count: canaryCount, passPercent: canaryPassPercent, state, succeeded, failed };
}
